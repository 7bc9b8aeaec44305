import { deepStrictEqual } from 'node:assert/strict'
import {
  type ChatEvent,
  chatKindOf,
  type MailboxRecord,
  type MessageSeq,
  peerIdOf,
  SERVICE_USER_ID,
  type UserId,
} from '@heliograph/schemas/avro'
import {
  dialogs,
  mailboxCounters,
  mailboxHistory,
  mailboxMessages,
  mailboxUpdates,
  type Tables,
} from '@heliograph/storage'
import type { Chats } from './chats.ts'
import type { Fact, Facts } from './facts.ts'
import { MailboxModel } from './mailbox-model.ts'
import { assertRows } from './rows.ts'

/** Every event reached whom it concerns, once and in the chat's order, and every mailbox counted that right. */
export async function auditMailboxes(
  facts: Facts,
  chats: Chats,
  tables: Tables,
): Promise<readonly MailboxModel[]> {
  assertDeliveries(facts)
  const mailboxes = new Map<UserId, MailboxModel>()
  for (const fact of facts.mailbox) {
    const { userId } = fact.record
    const mailbox = mailboxes.get(userId) ?? new MailboxModel(userId)
    mailboxes.set(userId, mailbox)
    mailbox.take(fact)
  }
  const models = [...mailboxes.values()]
  for (const mailbox of models) assertHistories(mailbox, chats)
  const letters = models.flatMap((mailbox) => mailbox.history())
  await assertRows(
    tables,
    mailboxCounters,
    models.map((mailbox) => mailbox.counters()),
  )
  await assertRows(
    tables,
    mailboxUpdates,
    models.flatMap((mailbox) => mailbox.updates),
  )
  await assertRows(tables, mailboxHistory, letters)
  await assertRows(tables, mailboxMessages, letters)
  await assertRows(
    tables,
    dialogs,
    models.flatMap((mailbox) => mailbox.dialogs()),
  )
  return models
}

/** What stands in the mailbox topic is what the events call for, in their order. */
function assertDeliveries({ chatEvents, mailbox }: Facts): void {
  const expected = chatEvents.flatMap(({ partition, offset, record }) =>
    deliveriesOf(record).map((delivery) => `${delivery} by ${partition}/${offset}`),
  )
  deepStrictEqual(inOrder(mailbox), perUser(expected), 'records of the mailboxes')
}

function inOrder(mailbox: readonly Fact<MailboxRecord>[]): string[] {
  const lines = mailbox.map(
    ({ record, header: { cause } }) => `${nameOf(record)} by ${cause?.partition}/${cause?.offset}`,
  )
  return perUser(lines)
}

/** Sorted by user and partition, which mix in any way, and otherwise as they are. */
function perUser(lines: readonly string[]): string[] {
  const stream = (line: string) => `${line.split(' ')[0]} ${line.split(' by ')[1]?.split('/')[0]}`
  return [...lines].sort((a, b) => (stream(a) < stream(b) ? -1 : stream(a) > stream(b) ? 1 : 0))
}

function deliveriesOf(event: ChatEvent): string[] {
  const to = (users: readonly UserId[], what: string, seqs: readonly MessageSeq[]) =>
    users
      .filter((userId) => userId !== SERVICE_USER_ID)
      .map((userId) => `${userId} ${what} ${peerIdOf(userId, event.chatId)}:${seqs}`)
  switch (event.type) {
    case 'MessageSent':
      return to(event.members, 'MailboxMessage', [event.seq])
    case 'SendRepeated':
      return chatKindOf(event.chatId) === 'channel'
        ? []
        : to([event.senderId], 'MailboxRepeated', [event.seq])
    case 'MessageEdited':
      return to(event.keptBy, 'MailboxEdited', [event.seq])
    case 'HistoryRead':
      return to(event.members, 'MailboxRead', [event.upToSeq])
    case 'MessagesDeleted': {
      const losers = [...new Set(event.messages.flatMap(({ lostBy }) => lostBy))]
      const lost = (loser: UserId) => event.messages.filter(({ lostBy }) => lostBy.includes(loser))
      return losers.flatMap((loser) =>
        to(
          [loser],
          'MailboxDeleted',
          lost(loser).map(({ seq }) => seq as MessageSeq),
        ),
      )
    }
    case 'MessagesPinned': {
      const users = [...new Set(event.messages.flatMap(({ told }) => told))]
      const seqs = (userId: UserId) => event.messages.filter(({ told }) => told.includes(userId))
      return users.flatMap((userId) =>
        to(
          [userId],
          'MailboxPinned',
          seqs(userId).map(({ seq }) => seq as MessageSeq),
        ),
      )
    }
    case 'MentionsRead':
      return chatKindOf(event.chatId) === 'group'
        ? to([event.userId], 'MailboxContentsRead', event.seqs as MessageSeq[])
        : []
    default:
      return []
  }
}

function nameOf(record: MailboxRecord): string {
  const seqs = 'seqs' in record ? record.seqs : ['upToSeq' in record ? record.upToSeq : record.seq]
  return `${record.userId} ${record.type} ${record.peerId}:${seqs}`
}

type Sent = { readonly seq: MessageSeq; readonly members: readonly UserId[] }

/** Of each chat a member has all messages, in the chat's order. */
function assertHistories(mailbox: MailboxModel, chats: Chats): void {
  for (const [chatId, { sent }] of chats) {
    const posts: readonly Sent[] = sent
    const own = posts.filter(({ members }) => members.includes(mailbox.userId)).map(({ seq }) => seq)
    if (own.length === 0) continue
    const peerId = peerIdOf(mailbox.userId, chatId)
    const had = mailbox.letters.filter((letter) => letter.peerId === peerId).map(({ seq }) => seq)
    deepStrictEqual(had, own, `history of ${mailbox.userId} in ${chatId}`)
  }
}
