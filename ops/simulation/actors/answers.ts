import { deepStrictEqual, ok } from 'node:assert/strict'
import type { ChatCommand, MailboxRecord, Reply, UserId } from '@heliograph/schemas/avro'
import { Effects, type Fact, type Facts } from '../audit/facts.ts'
import type { MailboxModel } from '../audit/mailbox-model.ts'
import type { Call, SimulatedGateway } from './gateway.ts'
import type { Command } from './workload.ts'

const REFUSALS: Partial<Record<Command['type'], RegExp>> = {
  SendMessage: /^400 (PEER_ID_INVALID|USER_IS_BLOCKED|YOU_BLOCKED_USER)$/,
  EditMessage: /^400 (MESSAGE_ID_INVALID|MESSAGE_AUTHOR_REQUIRED)$/,
  ClaimUsername: /^400 USERNAME_OCCUPIED$/,
  SetBlocked: /^400 PEER_ID_INVALID$/,
  LogInAuthKey: /^401 AUTH_KEY_UNREGISTERED$/,
}

/** What a caller was told is what happened: an effect for a yes, none for a refusal, and the numbers of its mailbox. */
export function auditAnswers(
  facts: Facts,
  gateway: SimulatedGateway,
  mailboxes: readonly MailboxModel[],
): void {
  const commands = byRequest<Command>([...facts.chatCommands, ...facts.accountCommands])
  const chatEffects = new Effects(facts.chatEvents)
  const accountEffects = new Effects(facts.accountEvents)
  const mailbox = byRequest(facts.mailbox)
  for (const call of gateway.calls) {
    ok(call.answers.length > 0, `${call.command.type} was not answered`)
    for (const answer of call.answers) {
      const command = commands.get(answer.request)
      ok(command !== undefined, `${call.command.type} was answered and is not in the log`)
      if (answer.error !== null) assertExpected(call, answer)
      const effects = 'chatId' in call.command ? chatEffects : accountEffects
      const happened = effects.of(command).length > 0
      if (answer.error !== null)
        ok(!happened, `${call.command.type} was refused and happened: ${answer.error.message}`)
      if (answer.mailbox !== null || answer.userId !== null)
        ok(happened, `${call.command.type} was answered and lost`)
      if ('chatId' in call.command && call.command.type !== 'MarkChannel')
        assertMailbox(call.command, answer, mailbox.get(answer.request), mailboxes, happened)
    }
  }
  assertPhones(gateway)
}

function byRequest<R>(facts: readonly Fact<R>[]): ReadonlyMap<number, Fact<R>> {
  const found = new Map<number, Fact<R>>()
  for (const fact of facts) if (fact.header.reply) found.set(fact.header.reply.request, fact)
  return found
}

function assertExpected({ command }: Call, { error }: Reply): void {
  const refusal = `${error?.code} ${error?.message}`
  ok(REFUSALS[command.type]?.test(refusal), `${command.type} got ${refusal}`)
}

/** The numbers told are those of the caller's mailbox, which counted the record that carried the call's address. */
function assertMailbox(
  command: ChatCommand,
  answer: Reply,
  fact: Fact<MailboxRecord> | undefined,
  mailboxes: readonly MailboxModel[],
  happened: boolean,
): void {
  if (answer.error !== null) return
  deepStrictEqual(answer.mailbox !== null, happened, `${command.type} has numbers where something happened`)
  if (answer.mailbox === null) return
  ok(fact !== undefined, `${command.type} was counted by nobody`)
  const { record } = fact
  const mailbox = mailboxes.find(({ userId }) => userId === record.userId) as MailboxModel
  deepStrictEqual(record.userId, callerOf(command))
  const { pts, ptsCount, msgId, seq, date } = answer.mailbox
  if (record.type === 'MailboxRepeated' || record.type === 'MailboxMessage') {
    const letter = mailbox.letters.find((each) => each.msgId === msgId)
    deepStrictEqual(
      [letter?.peerId, letter?.seq, letter?.date],
      [record.peerId, record.seq, date],
      'message answered',
    )
    deepStrictEqual(seq, record.seq)
  }
  if (record.type === 'MailboxRepeated') {
    deepStrictEqual(ptsCount, 0)
    ok(pts <= mailbox.pts, 'a pts that the mailbox never had')
    return
  }
  const update = mailbox.updates.find((each) => each.pts === pts)
  deepStrictEqual(
    [update?.ptsCount, update?.peerId, update?.date],
    [ptsCount, record.peerId, date],
    'update answered',
  )
}

function callerOf(command: ChatCommand): UserId {
  switch (command.type) {
    case 'SendMessage':
      return command.senderId
    case 'EditMessage':
      return command.editorId
    case 'DeleteMessages':
      return command.userId
    case 'ReadHistory':
      return command.readerId
    default:
      throw new Error(`${command.type} is not in the workload`)
  }
}

/** A phone number has one user id for ever, and no other number has it. */
function assertPhones({ calls }: SimulatedGateway): void {
  const ids = new Map<string, number | null>()
  for (const { command, answers } of calls) {
    if (command.type !== 'ReservePhone') continue
    for (const { userId } of answers) {
      ok(
        userId !== null && userId === (ids.get(command.phoneHmac) ?? userId),
        'another user id of a phone number',
      )
      ids.set(command.phoneHmac, userId)
    }
  }
  deepStrictEqual(new Set(ids.values()).size, ids.size, 'a user id of two phone numbers')
}
