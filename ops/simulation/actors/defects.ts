import { messageDecider, notificationFold } from '@heliograph/actors'
import type { Cast } from '@heliograph/actors/simulation'
import type { MailboxRecord, RecordCodec } from '@heliograph/schemas/avro'
import {
  checkpoints,
  dialogs,
  type Mutation,
  type RowRef,
  sentRandomIds,
  type Tables,
} from '@heliograph/storage'
import type { Log } from '@heliograph/topics'
import { realCast } from './run.ts'

/** Actors of which each breaks one rule, planted to show that the audit notices. */
export const defects: Readonly<Record<string, (codec: RecordCodec) => Cast>> = {
  'answers before its work is durable': (codec) => onLog(codec, impatient),
  'does not notice another owner': (codec) => onLog(codec, withoutFence),
  'lets reactions overtake their events': (codec) => onLog(codec, eventsLate),
  'does not wait for its rows': (codec) => onTables(codec, rowsLate),
  'forgets whom it has refused': (codec) => onTables(codec, withoutProgress),
  'lets older rows overwrite newer ones': (codec) => {
    let time = 0
    return onTables(codec, (tables) => ({ ...tables, apply: (mutations) => tables.apply(mutations, ++time) }))
  },
  'forgets which letters it has counted': (codec) => ({ ...realCast(codec), codec: withoutMarks(codec) }),
  'sends again what was sent': (codec) => ({ ...realCast(codec), deciders: withoutRandomIds(codec) }),
  'leaves deleted messages unread': (codec) => ({ ...realCast(codec), folds: [miscounting] }),
}

function onLog(codec: RecordCodec, change: (log: Log) => Log): Cast {
  return { ...realCast(codec), defect: ({ log, tables }) => ({ log: change(log), tables }) }
}

function onTables(codec: RecordCodec, change: (tables: Tables) => Tables): Cast {
  return { ...realCast(codec), defect: ({ log, tables }) => ({ log, tables: change(tables) }) }
}

const impatient = (log: Log): Log => ({
  ...log,
  barrier: async () => undefined,
  appended: async () => undefined,
})

function withoutFence(log: Log): Log {
  return {
    ...log,
    append: async (topic, partition, records, expected) => {
      const at = await log.append(topic, partition, records)
      return expected ?? at
    },
  }
}

/** Events of chats are on their way when what follows from them is; announcements are waited for. */
function eventsLate(log: Log): Log {
  return {
    ...log,
    append: async (topic, partition, records, expected) => {
      const appended = log.append(topic, partition, records, expected)
      if (topic !== 'chat.events' || records[0]?.key.startsWith('u') !== true) return appended
      appended.catch(() => undefined)
      return expected ?? appended
    },
  }
}

function rowsLate(tables: Tables): Tables {
  return {
    ...tables,
    apply: async (mutations: readonly Mutation[], writeTime: number) => {
      const applied = tables.apply(mutations, writeTime)
      if (mutations[0]?.table === checkpoints) return applied
      applied.catch(() => undefined)
    },
  }
}

/** A message actor goes by its events alone when it takes over: what has none is decided again. */
function withoutProgress(tables: Tables): Tables {
  const isProgress = (mutation: Mutation): boolean =>
    mutation.table === checkpoints &&
    mutation.kind === 'upsert' &&
    mutation.row.group === messageDecider.group
  return {
    ...tables,
    apply: async (mutations, writeTime) => {
      if (!mutations.some(isProgress)) await tables.apply(mutations, writeTime)
    },
  }
}

/** Letters seem to come from nowhere, and so each time anew. */
function withoutMarks(codec: RecordCodec): Cast['codec'] {
  return {
    encode: (header, record) => codec.encode(header, record),
    encodeBare: (record) => codec.encodeBare(record),
    decode: (value) => {
      const { header, record } = codec.decode(value)
      return record.type.startsWith('Mailbox')
        ? { header: { ...header, cause: null }, record }
        : { header, record }
    },
  }
}

function withoutRandomIds(codec: RecordCodec): Cast['deciders'] {
  const decide: typeof messageDecider.decide = (rows, command, at) =>
    messageDecider.decide(
      {
        get: (table, key) =>
          (table as RowRef['table']) === sentRandomIds ? undefined : rows.get(table, key),
      },
      command,
      at,
    )
  return realCast(codec).deciders.map((decider) =>
    decider.group === messageDecider.group ? { ...messageDecider, decide } : decider,
  )
}

const miscounting: typeof notificationFold = {
  ...notificationFold,
  fold: (rows, record, header, at) => {
    const folded = notificationFold.fold(rows, record, header, at)
    return record.type === 'MailboxDeleted'
      ? { ...folded, rows: folded.rows.map(unreadAsBefore(rows, record)) }
      : folded
  },
}

function unreadAsBefore(
  rows: Parameters<typeof notificationFold.fold>[0],
  { userId, peerId }: MailboxRecord,
) {
  const unread = rows.get(dialogs, { userId, peerId })?.unread
  return (mutation: Mutation): Mutation =>
    mutation.kind === 'upsert' && mutation.table === dialogs
      ? { ...mutation, row: { ...mutation.row, unread } }
      : mutation
}
