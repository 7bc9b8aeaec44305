import { deepStrictEqual, ok } from 'node:assert/strict'
import {
  type ChatCommand,
  chatKindOf,
  type MailboxRecord,
  type Reply,
  type UserId,
} from '@heliograph/schemas/avro'
import type { Chats } from '../audit/chats.ts'
import { Effects, type Fact, type Facts } from '../audit/facts.ts'
import type { MailboxModel } from '../audit/mailbox-model.ts'
import type { SimulatedGateway } from './gateway.ts'
import { auditChannelAnswer } from './public-answers.ts'
import type { Command } from './scripted.ts'

const OUTSIDE = 'CHANNEL_PRIVATE|CHANNEL_INVALID|CHAT_ID_INVALID|CHAT_WRITE_FORBIDDEN|CHAT_ADMIN_REQUIRED'
const refused = (...more: string[]): RegExp => new RegExp(`^4\\d\\d (${[OUTSIDE, ...more].join('|')})$`)
const SENDING = refused(
  'USER_BANNED_IN_CHANNEL',
  'SLOWMODE_WAIT_\\d+',
  'CHAT_SEND_PLAIN_FORBIDDEN',
  'CHAT_SEND_POLL_FORBIDDEN',
  'MESSAGE_ID_INVALID',
)
const OF_MEMBERS: Partial<Record<Command['type'], RegExp>> = {
  JoinChat: refused(
    'USER_ALREADY_PARTICIPANT',
    'INVITE_HASH_INVALID',
    'INVITE_HASH_EXPIRED',
    'INVITE_REQUEST_SENT',
  ),
  AddMembers: refused('USER_ALREADY_PARTICIPANT', 'USER_KICKED'),
  LeaveChat: refused('USER_NOT_PARTICIPANT'),
  SetAdmin: refused('USER_CREATOR', 'RIGHT_FORBIDDEN', 'USER_NOT_PARTICIPANT', 'CHAT_ADMIN_INVITE_REQUIRED'),
  SetBanned: refused('PARTICIPANT_ID_INVALID', 'USER_ADMIN_INVALID', 'USER_NOT_PARTICIPANT'),
  PutInvite: refused('INVITE_HASH_EXPIRED', 'CHAT_INVITE_PERMANENT'),
  EditChat: refused('CHAT_NOT_MODIFIED', 'USERNAME_NOT_MODIFIED', 'CHAT_LINK_EXISTS'),
  SendMessage: SENDING,
  ScheduleMessage: SENDING,
  FireScheduled: SENDING,
  EditScheduled: refused('MESSAGE_ID_INVALID'),
  SetReactions: refused(
    'MESSAGE_ID_INVALID',
    'MESSAGE_NOT_MODIFIED',
    'REACTION_INVALID',
    'REACTIONS_TOO_MANY',
    'USER_BANNED_IN_CHANNEL',
  ),
  ClearReactions: refused(),
  VotePoll: refused('MESSAGE_ID_INVALID', 'MESSAGE_POLL_CLOSED', 'OPTIONS_TOO_MUCH', 'REVOTE_NOT_ALLOWED'),
  ClosePoll: refused('MESSAGE_ID_INVALID', 'MESSAGE_AUTHOR_REQUIRED', 'MESSAGE_NOT_MODIFIED'),
  AnswerRequests: refused('HIDE_REQUESTER_MISSING', 'USER_ALREADY_PARTICIPANT'),
  DeleteInvites: refused('INVITE_HASH_EXPIRED', 'INVITE_REVOKED_MISSING'),
  TransferChat: refused('USER_ID_INVALID'),
  DeleteChat: refused(),
  MigrateChat: refused(),
  EditMessage: refused(
    'MESSAGE_ID_INVALID',
    'MESSAGE_AUTHOR_REQUIRED',
    'USER_BANNED_IN_CHANNEL',
    'CHAT_SEND_PLAIN_FORBIDDEN',
    'CHAT_SEND_POLL_FORBIDDEN',
  ),
  DeleteMessages: refused('MESSAGE_DELETE_FORBIDDEN'),
  PinMessages: refused('MESSAGE_ID_INVALID', 'CHAT_NOT_MODIFIED'),
  ReadHistory: refused(),
  RaiseRead: refused(),
  CreateChat: /^400 CHAT_ID_TAKEN$/,
}
const REFUSALS: Partial<Record<Command['type'], RegExp>> = {
  SendMessage: /^400 (PEER_ID_INVALID|USER_IS_BLOCKED|YOU_BLOCKED_USER)$/,
  EditMessage: /^(400 MESSAGE_ID_INVALID|403 MESSAGE_AUTHOR_REQUIRED)$/,
  ClaimUsername: /^400 USERNAME_OCCUPIED$/,
  SetBlocked: /^400 PEER_ID_INVALID$/,
  LogInAuthKey: /^401 AUTH_KEY_UNREGISTERED$/,
}

/** What a caller was told is what happened: an effect for a yes, none for a refusal, and the numbers of its mailbox. */
export function auditAnswers(
  facts: Facts,
  gateway: SimulatedGateway,
  mailboxes: readonly MailboxModel[],
  chats: Chats,
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
      // As it was given that time: another try may have been for something else.
      const given = command.record
      if (answer.error !== null) assertExpected(given, answer)
      const effects = 'chatId' in given ? chatEffects : accountEffects
      const happened = effects.of(command).length > 0
      // Whoever asks to be let in is told by an error that it has to wait.
      if (answer.error !== null && answer.error.message !== 'INVITE_REQUEST_SENT')
        ok(!happened, `${given.type} was refused and happened: ${answer.error.message}`)
      if (answer.mailbox !== null || answer.userId !== null)
        ok(happened, `${given.type} was answered and lost`)
      if (!('chatId' in given) || given.type === 'MarkChannel') continue
      if (chatKindOf(given.chatId) === 'channel') auditChannelAnswer(given, answer, chats, happened)
      else assertMailbox(given, answer, mailbox.get(answer.request), mailboxes, happened)
    }
  }
  assertPhones(gateway)
}

function byRequest<R>(facts: readonly Fact<R>[]): ReadonlyMap<number, Fact<R>> {
  const found = new Map<number, Fact<R>>()
  for (const fact of facts) if (fact.header.reply) found.set(fact.header.reply.request, fact)
  return found
}

function assertExpected(command: Command, { error }: Reply): void {
  const refusal = `${error?.code} ${error?.message}`
  const isPublic = 'chatId' in command && chatKindOf(command.chatId) !== 'private'
  const expected = isPublic ? OF_MEMBERS : REFUSALS
  ok(expected[command.type]?.test(refusal), `${command.type} got ${refusal}`)
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
  // In groups not all that happens is a message.
  const isCounted = chatKindOf(command.chatId) === 'private' ? happened : fact !== undefined
  deepStrictEqual(answer.mailbox !== null, isCounted, `${command.type} has numbers where something happened`)
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
  const { senderId, editorId, readerId, creatorId, byUserId, userId } = command as unknown as Partial<
    Record<string, UserId>
  >
  const caller = senderId ?? editorId ?? readerId ?? creatorId ?? byUserId ?? userId
  if (caller === undefined) throw new Error(`${command.type} is not in the workload`)
  return caller
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
