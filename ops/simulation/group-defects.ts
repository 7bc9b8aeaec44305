import {
  type AnyRow,
  chatMembers,
  editAudiences,
  mailboxHistory,
  messageReactions,
  messages,
  userChats,
} from '@heliograph/storage'
import { doubled } from './club-defects.ts'
import { onTables, reading } from './planting.ts'
import type { Defect } from './world/world.ts'

/** What a process could do wrong with what people say in basic groups. */
export const groupDefects: Readonly<Record<string, Defect>> = {
  'keeps the first wording of what is said in groups': onTables((tables) => {
    const first = new Map<string, AnyRow>()
    return reading(tables, messages, (row) => {
      const place = `${row.chatId}/${row.seq}`
      if (!isGroup(row.chatId)) return row
      const known = first.get(place) ?? row
      first.set(place, known)
      return { ...row, sealed: known.sealed }
    })
  }),
  'shows in groups what was deleted': onTables((tables) =>
    reading(tables, mailboxHistory, (row) => (Number(row.peerId) < 0 ? { ...row, deleted: false } : row)),
  ),
  'counts a reaction in a group twice': onTables((tables) =>
    reading(tables, messageReactions, (row) => (isGroup(row.chatId) ? doubled(row) : row)),
  ),
  'shows those who have left a group what was edited since': onTables((tables) => ({
    getMany: async (refs) => {
      const rows = await tables.getMany(refs)
      const asIfTold = rows.map(async (row, i) => {
        if (row === undefined || refs[i]!.table !== (editAudiences as unknown)) return row
        const message = await tables.get(messages, refs[i]!.key)
        return { ...row, toldTo: message?.members ?? [] }
      })
      return Promise.all(asIfTold)
    },
  })),
  'shows those who have left a group what is said since': onTables((tables) => ({
    getMany: async (refs) => {
      const rows = await tables.getMany(refs)
      const isAsked = refs.every(
        ({ table, key }) => table === (chatMembers as unknown) && isGroup(key.chatId),
      )
      return isAsked ? rows.map((row) => row && { ...row, isIn: true }) : rows
    },
  })),
  'goes on telling those who have left a group': onTables((tables) => {
    const seen = new Map<string, AnyRow>()
    const noted = (row: AnyRow | undefined) => {
      if (row !== undefined && isGroup(row.chatId)) seen.set(`${row.userId}/${row.chatId}`, row)
      return row
    }
    const believed = (key: object, row: AnyRow | undefined) =>
      noted(row) ?? seen.get(`${(key as AnyRow).userId}/${(key as AnyRow).chatId}`)
    return {
      get: async (table, key) => {
        const row = await tables.get(table, key)
        return (isUserChats(table) ? believed(key, row as AnyRow | undefined) : row) as never
      },
      getMany: async (refs) =>
        (await tables.getMany(refs)).map((row, i) =>
          isUserChats(refs[i]!.table) ? believed(refs[i]!.key, row) : row,
        ),
      range: async (table, partition, options) => {
        const rows = await tables.range(table, partition, options)
        if (!isUserChats(table)) return rows
        for (const row of rows) noted(row as AnyRow)
        return [...seen.values()].filter((row) => row.userId === (partition as AnyRow).userId) as never
      },
    }
  }),
}

const isUserChats = (table: unknown): boolean => table === (userChats as unknown)
const isGroup = (chatId: unknown): boolean => String(chatId).startsWith('g')
