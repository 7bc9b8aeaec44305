import { NO_EXTRA, type PutInvite, type SendMessage } from '@heliograph/schemas/avro'
import {
  type AnyRow,
  channelStates,
  channelUpdates,
  chatMembers,
  messageReactions,
  type RowRef,
  userChats,
} from '@heliograph/storage'
import { onDecoded, onTables, reading } from './planting.ts'
import type { Defect } from './world/world.ts'

/** What a gateway could do wrong in groups and channels. */
export const clubDefects: Readonly<Record<string, Defect>> = {
  'goes on telling those who are gone': remembering(userChats),
  'lets those read on who are gone': remembering(chatMembers),
  'takes outsiders for members': onTables((tables) => ({
    range: async (table, partition, options) => {
      if (!isOf(table, userChats)) return tables.range(table, partition, options)
      const all = new Map<unknown, AnyRow>()
      for await (const row of tables.scan(userChats)) all.set(row.chatId, row)
      return [...all.values()] as never
    },
  })),
  'leaves a move of a channel out': onTables((tables) => ({
    range: async (table, partition, options) => {
      const rows = await tables.range(table, partition, options)
      return isOf(table, channelUpdates) ? rows.filter((row) => (row as AnyRow).pts !== 4) : rows
    },
  })),
  'forgets how far channels were read': onTables((tables) => ({
    getMany: async (refs) => {
      const rows = await tables.getMany(refs)
      return rows.map((row, i) => (isOf(refs[i]!.table, channelStates) ? undefined : row))
    },
  })),
  'shows newcomers what was hidden from them': onTables((tables) =>
    reading(tables, chatMembers, (row) => ({ ...row, minSeq: 0 })),
  ),
  'takes all that somebody writes for one album, which no slow club holds up': onDecoded((decoded) => {
    const command = decoded.record as SendMessage
    if (command.type !== 'SendMessage' || !command.chatId.startsWith('c')) return decoded
    const extra = { ...(command.extra ?? NO_EXTRA), groupedId: ALBUM }
    return { header: decoded.header, record: { ...command, extra } }
  }),
  'makes links by which in comes who only asks': onDecoded((decoded) => {
    const command = decoded.record as PutInvite
    if (command.type !== 'PutInvite') return decoded
    return {
      header: decoded.header,
      record: { ...command, invite: { ...command.invite, requestNeeded: false } },
    }
  }),
  'counts a reaction twice': onTables((tables) => ({
    getMany: async (refs) => {
      const rows = await tables.getMany(refs)
      return rows.map((row, i) => (isOf(refs[i]!.table, messageReactions) ? row && doubled(row) : row))
    },
  })),
}

const ALBUM = 7n

export function doubled(row: AnyRow): AnyRow {
  const counts = row.counts as readonly string[]
  return { ...row, counts: counts.map((each) => each.replace(/^\d+/, (count) => `${2 * Number(count)}`)) }
}

/** Who once was in is taken to be in for ever. */
function remembering(table: RowRef['table']): Defect {
  return onTables((tables) => {
    const seen = new Map<string, AnyRow>()
    const believed = (ref: RowRef, row: AnyRow | undefined): AnyRow | undefined => {
      if (!isOf(ref.table, table)) return row
      const key = JSON.stringify(ref.key)
      if (row !== undefined && row.isIn !== false) seen.set(key, row)
      return seen.get(key) ?? row
    }
    return {
      get: async (asked, key) =>
        believed({ table: asked, key } as RowRef, await tables.get(asked, key)) as never,
      getMany: async (refs) => (await tables.getMany(refs)).map((row, i) => believed(refs[i]!, row)),
    }
  })
}

const isOf = (table: unknown, wanted: unknown): boolean => table === wanted
