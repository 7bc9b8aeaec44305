import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict'
import {
  type ChatCommand,
  type ChatEvent,
  type ChatId,
  chatKindOf,
  privateChatMembers,
  type SetBlocked,
  type UserId,
} from '@heliograph/schemas/avro'
import {
  type AnyRow,
  chatReads,
  chats,
  messageKeepers,
  messages,
  sentRandomIds,
  type Tables,
} from '@heliograph/storage'
import { STRANGER } from '../actors/workload.ts'
import { ChatModel } from './chat-model.ts'
import { Effects, type Fact, type Facts } from './facts.ts'
import { assertMigrations } from './public/migration.ts'
import { PublicChatModel } from './public/model.ts'
import { assertPublicRows } from './public/rows.ts'
import { linesOf } from './public/told.ts'
import { assertRows } from './rows.ts'

/** Chats by their ids. */
export type Chats = ReadonlyMap<ChatId, ChatModel | PublicChatModel>

const isPrivate = ({ chatId }: AnyRow): boolean => String(chatId).startsWith('u')

/** Every command came to what it had to, once and in order; the rows of the chats say so. */
export async function auditChats(facts: Facts, tables: Tables): Promise<Chats> {
  const chatsOf = { private: new Map<ChatId, ChatModel>(), public: new Map<ChatId, PublicChatModel>() }
  const effects = new Effects(facts.chatEvents)
  let explained = 0
  for (const command of facts.chatCommands) {
    const events = effects.of(command).map(({ record }) => record)
    explained += events.length
    if (chatKindOf(command.record.chatId) === 'private') auditPrivate(chatsOf.private, facts, command, events)
    else auditPublic(chatsOf.public, command, events)
  }
  const models = chatsOf.private
  deepStrictEqual(explained, facts.chatEvents.length, 'events that no command explains')
  assertOrder(facts)
  const rows = [...models.values()].map((model) => model.rows())
  const of = (name: keyof ReturnType<ChatModel['rows']>) => rows.flatMap((each) => each[name])
  await assertRows(tables, chats, of('chats'), isPrivate)
  await assertRows(tables, messages, of('messages'), isPrivate)
  await assertRows(tables, messageKeepers, of('messageKeepers'), isPrivate)
  await assertRows(tables, sentRandomIds, of('sentRandomIds'), isPrivate)
  await assertRows(tables, chatReads, of('chatReads'), isPrivate)
  const publicChats = [...chatsOf.public.values()].map(({ chat }) => chat)
  assertMigrations(publicChats, facts.chatCommands)
  await assertPublicRows(publicChats, tables)
  return new Map<ChatId, ChatModel | PublicChatModel>([...models, ...chatsOf.public])
}

function auditPrivate(
  models: Map<ChatId, ChatModel>,
  facts: Facts,
  { record: command, date }: Fact<ChatCommand>,
  events: readonly ChatEvent[],
): void {
  const model = models.get(command.chatId) ?? new ChatModel(command.chatId)
  models.set(command.chatId, model)
  const expected = model.expect(command, date)
  if (events.length > 0 || !mayBeRefused(facts, command)) {
    deepStrictEqual(events, expected === undefined ? [] : [expected], `events of ${command.type}`)
  }
  for (const event of events) model.take(event)
}

/** Whatever happens in a group or channel is decided by it alone, so a refusal can be foretold as well. */
function auditPublic(
  models: Map<ChatId, PublicChatModel>,
  { record: command, date, offset }: Fact<ChatCommand>,
  events: readonly ChatEvent[],
): void {
  const model = models.get(command.chatId) ?? new PublicChatModel(command.chatId)
  models.set(command.chatId, model)
  const expected = model.expect(command, date, offset)
  if (expected !== undefined)
    deepStrictEqual(events.flatMap(linesOf), expected, `events of ${command.type} in ${command.chatId}`)
  for (const event of events) {
    const wrong = model.assertTold(event)
    strictEqual(wrong, undefined, `whom ${command.chatId} told or showed by ${event.type}`)
  }
}

/** Blocking is decided elsewhere, at an instant that only the two actors know: a message may meet it or not. */
function mayBeRefused({ accountCommands }: Facts, command: ChatCommand): boolean {
  if (command.type !== 'SendMessage') return false
  const members: readonly UserId[] = privateChatMembers(command.chatId) ?? []
  if (members.includes(STRANGER)) return true
  return accountCommands.some(({ record }) => record.type === 'SetBlocked' && isBetween(record, members))
}

function isBetween({ userId, peerId, blocked }: SetBlocked, members: readonly UserId[]): boolean {
  return blocked && members.includes(userId) && members.includes(peerId as number as UserId)
}

/** Commands of a partition are decided in their order. */
function assertOrder({ chatEvents, accountEvents }: Facts): void {
  for (const events of [chatEvents, accountEvents]) {
    const last = new Map<number, number>()
    for (const { partition, header } of events) {
      const at = header.cause?.offset ?? -1
      ok(at >= (last.get(partition) ?? 0), `command ${at} of ${partition} is decided after a later one`)
      last.set(partition, at)
    }
  }
}
