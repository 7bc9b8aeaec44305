import { deepStrictEqual, ok } from 'node:assert/strict'
import {
  type ChatCommand,
  type ChatId,
  privateChatMembers,
  type SetBlocked,
  type UserId,
} from '@heliograph/schemas/avro'
import { chatReads, chats, messageKeepers, messages, sentRandomIds, type Tables } from '@heliograph/storage'
import { STRANGER } from '../actors/workload.ts'
import { ChatModel } from './chat-model.ts'
import { Effects, type Facts } from './facts.ts'
import { assertRows } from './rows.ts'

/** Every command came to what it had to, once and in order; the rows of the chats say so. */
export async function auditChats(facts: Facts, tables: Tables): Promise<ReadonlyMap<ChatId, ChatModel>> {
  const models = new Map<ChatId, ChatModel>()
  const effects = new Effects(facts.chatEvents)
  let explained = 0
  for (const command of facts.chatCommands) {
    const { chatId } = command.record
    const model = models.get(chatId) ?? new ChatModel(chatId)
    models.set(chatId, model)
    const events = effects.of(command).map(({ record }) => record)
    explained += events.length
    const expected = model.expect(command.record, command.date)
    if (events.length > 0 || !mayBeRefused(facts, command.record)) {
      deepStrictEqual(events, expected === undefined ? [] : [expected], `events of ${command.record.type}`)
    }
    for (const event of events) model.take(event)
  }
  deepStrictEqual(explained, facts.chatEvents.length, 'events that no command explains')
  assertOrder(facts)
  const rows = [...models.values()].map((model) => model.rows())
  await assertRows(
    tables,
    chats,
    rows.flatMap((each) => each.chats),
  )
  await assertRows(
    tables,
    messages,
    rows.flatMap((each) => each.messages),
  )
  await assertRows(
    tables,
    messageKeepers,
    rows.flatMap((each) => each.messageKeepers),
  )
  await assertRows(
    tables,
    sentRandomIds,
    rows.flatMap((each) => each.sentRandomIds),
  )
  await assertRows(
    tables,
    chatReads,
    rows.flatMap((each) => each.chatReads),
  )
  return models
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
