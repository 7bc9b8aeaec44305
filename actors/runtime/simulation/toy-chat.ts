import type { Reply } from '@heliograph/schemas/avro'
import { checkpoints, parkedActors, type TableDeclaration, userChannel } from '@heliograph/storage'
import type { Answer, Decider, Fold, Publication } from '../decider.ts'

/** A small chat with all that makes the runtime's work hard: several events at once, rows that are read and counted up. */

export const toyChats = {
  name: 'toy_chats',
  columns: { chatId: 'text', lastSeq: 'int' },
  partitionKey: ['chatId'],
  clusteringKey: [],
} as const satisfies TableDeclaration
export const toySent = {
  name: 'toy_sent',
  columns: { chatId: 'text', randomId: 'int', seq: 'int' },
  partitionKey: ['chatId', 'randomId'],
  clusteringKey: [],
} as const satisfies TableDeclaration
export const toyMessages = {
  name: 'toy_messages',
  columns: { chatId: 'text', seq: 'int', randomId: 'int', by: 'int' },
  partitionKey: ['chatId'],
  clusteringKey: ['seq'],
} as const satisfies TableDeclaration
export const toyCounters = {
  name: 'toy_counters',
  columns: { userId: 'int', pts: 'int', offset: 'bigint' },
  partitionKey: ['userId'],
  clusteringKey: [],
} as const satisfies TableDeclaration
export const toyDialogs = {
  name: 'toy_dialogs',
  columns: { userId: 'int', chatId: 'text', count: 'int', sum: 'bigint' },
  partitionKey: ['userId'],
  clusteringKey: ['chatId'],
} as const satisfies TableDeclaration
export const toyUpdates = {
  name: 'toy_updates',
  columns: { userId: 'int', pts: 'int', chatId: 'text', seq: 'int', count: 'int', sum: 'bigint' },
  partitionKey: ['userId'],
  clusteringKey: ['pts'],
} as const satisfies TableDeclaration

export const toyRows = [toyChats, toySent, toyMessages, toyCounters, toyDialogs, toyUpdates]
export const toyTables: readonly TableDeclaration[] = [...toyRows, checkpoints, parkedActors]

/** The user whose mailbox cannot take a message said with `choke`. */
export const CHOKING_USER = 4

/** `times` messages at once; `explode` is a bug of the decider, `choke` one of the fold, `refuse` a rejection. */
export interface Say {
  readonly type: 'Say'
  readonly chatId: string
  readonly by: number
  readonly randomId: number
  readonly times: number
  readonly members: readonly number[]
  readonly how: 'say' | 'refuse' | 'explode' | 'choke'
}
export interface Said {
  readonly type: 'Said'
  readonly chatId: string
  readonly by: number
  readonly randomId: number
  readonly seq: number
  readonly last: boolean
  readonly choke: boolean
  readonly members: readonly number[]
}
export interface Repeated {
  readonly type: 'Repeated'
  readonly chatId: string
  readonly by: number
  readonly seq: number
}
export interface Delivered {
  readonly type: 'Delivered'
  readonly userId: number
  readonly chatId: string
  readonly seq: number
  readonly choke: boolean
}
export interface DeliveredBefore {
  readonly type: 'DeliveredBefore'
  readonly userId: number
  readonly seq: number
}
export interface ToyUpdate {
  readonly type: 'ToyUpdate'
  readonly userId: number
  readonly pts: number
}

export const toyDecider: Decider<Say, Said | Repeated> = {
  group: 'toy-chat',
  commands: 'chat.commands',
  events: 'chat.events',
  needs: ({ chatId, randomId }) => [
    { table: toyChats, key: { chatId } },
    { table: toySent, key: { chatId, randomId } },
  ],
  decide: (rows, command) => {
    const { chatId, by, randomId, times, members, how } = command
    if (how === 'explode') throw new Error('exploded')
    if (how === 'refuse') return { rejected: { code: 400, message: 'REFUSED' } }
    const sent = rows.get(toySent, { chatId, randomId })
    if (sent) return { events: [{ type: 'Repeated', chatId, by, seq: sent.seq as number }] }
    const first = (rows.get(toyChats, { chatId })?.lastSeq ?? 0) + 1
    const events = Array.from({ length: times }, (_, i): Said => {
      const [seq, last, choke] = [first + i, i === times - 1, how === 'choke']
      return { type: 'Said', chatId, by, randomId, seq, last, choke, members }
    })
    return { events }
  },
  project: (event) => {
    if (event.type === 'Repeated') return []
    const { chatId, randomId, seq, by } = event
    return [
      { kind: 'upsert', table: toyChats, row: { chatId, lastSeq: seq } },
      { kind: 'upsert', table: toySent, row: { chatId, randomId, seq } },
      { kind: 'upsert', table: toyMessages, row: { chatId, seq, randomId, by } },
    ]
  },
  react: (event, { reply }) => {
    const topic = 'mailbox.events'
    const { chatId, by, seq } = event
    if (event.type === 'Repeated') {
      const record: DeliveredBefore = { type: 'DeliveredBefore', userId: by, seq }
      return [{ kind: 'record', topic, key: String(by), record, reply }]
    }
    return event.members.map((userId) => {
      const record: Delivered = { type: 'Delivered', userId, chatId, seq, choke: event.choke }
      const to = userId === by && event.last ? reply : null
      return { kind: 'record', topic, key: String(userId), record, reply: to }
    })
  },
}

export const toyFold: Fold<Delivered | DeliveredBefore> = {
  group: 'toy-mailbox',
  topic: 'mailbox.events',
  counterTable: toyCounters,
  counterKey: ({ userId }) => ({ userId }),
  needs: (record) =>
    record.type === 'Delivered'
      ? [{ table: toyDialogs, key: { userId: record.userId, chatId: record.chatId } }]
      : [],
  fold: (rows, record, { reply }, { offset }) => {
    const { userId, seq } = record
    const before = rows.get(toyCounters, { userId })?.pts ?? 0
    const pts = record.type === 'Delivered' ? before + 1 : before
    const counter = { userId, pts, offset }
    const mailbox = { msgId: pts, seq, date: 0, pts, ptsCount: 1 } as unknown as Reply['mailbox']
    const reactions: (Answer | Publication)[] = []
    if (reply !== null) {
      const answer: Reply = {
        type: 'Reply',
        request: reply.request,
        error: null,
        mailbox,
        channel: null,
        userId: null,
      }
      reactions.push({ kind: 'answer', to: reply, record: answer })
    }
    if (record.type === 'DeliveredBefore') return { rows: [], counter, reactions }
    const { chatId } = record
    if (record.choke && userId === CHOKING_USER) throw new Error('choked')
    const dialog = rows.get(toyDialogs, { userId, chatId })
    const count = (dialog?.count ?? 0) + 1
    // Depends on the order and on every earlier value: counting anything twice or astray shows for ever.
    const sum = ((dialog?.sum ?? 0) * 31 + seq * count) % 1_000_003
    const update: ToyUpdate = { type: 'ToyUpdate', userId, pts }
    reactions.push({ kind: 'publication', channel: userChannel(userId), record: update })
    return {
      rows: [
        { kind: 'upsert', table: toyDialogs, row: { userId, chatId, count, sum } },
        { kind: 'upsert', table: toyUpdates, row: { userId, pts, chatId, seq, count, sum } },
      ],
      counter,
      reactions,
    }
  },
}
