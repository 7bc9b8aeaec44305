import type {
  ChatChanged,
  ChatId,
  ChatInfo,
  ChatMember,
  GroupEvent,
  MemberChange,
  MembersChanged,
  MessageSent,
  MessageSeq,
  PeerId,
  UserId,
} from '@heliograph/schemas/avro'
import { ADMIN_RIGHTS, peerIdOfChat } from '@heliograph/schemas/avro'
import { chats } from '@heliograph/storage'
import { serviceMessage } from '../message/service.ts'
import type { At, Decision, Rows } from '../runtime/decider.ts'
import { rejected } from './rejections.ts'
import { isDeactivated, mayAdminister, unknownChat } from './rights.ts'
import { chatInfoOf, memberOf } from './state.ts'

/** From a decision about a chat and its members to the events that tell it. */

export type ChatDecision = Decision<GroupEvent | MessageSent>

export const nothing: ChatDecision = { events: [] }

/** Decides about a chat that exists; others are CHAT_ID_INVALID or CHANNEL_PRIVATE. */
export function inLiveChat(
  rows: Rows,
  chatId: ChatId,
  decide: (info: ChatInfo) => ChatDecision,
): ChatDecision {
  const info = chatInfoOf(rows, chatId)
  return info === undefined || isDeactivated(info) ? rejected(unknownChat(chatId)) : decide(info)
}

/** What a command says of itself. */
export interface Deed {
  readonly chatId: ChatId
  readonly byUserId: UserId
  readonly change: string
  readonly log?: Buffer | null
}
/** A message that tells of it, as the command brought it. */
export interface Told {
  readonly service: Buffer | null
  readonly serviceRandomId: bigint
  /** In whose name, where that is not who did it. */
  readonly tellerId?: UserId
}
export const untold: Told = { service: null, serviceRandomId: 0n }

/** Fields that every event of a deed has. */
export function effectOf({ byUserId, log = null }: Deed, at: At, answers: boolean) {
  return { byUserId, date: at.date, log, logId: at.offset, answers }
}

type ChatChange = Pick<
  ChatChanged,
  'files' | 'lostFiles' | 'formerUsername' | 'formerLinkedChatId' | 'migration'
>
const NO_CHANGE: ChatChange = {
  files: [],
  lostFiles: [],
  formerUsername: null,
  formerLinkedChatId: null,
  migration: null,
}

/** The chat is `info` from now on. */
export function chatChanged(
  rows: Rows,
  info: ChatInfo,
  deed: Deed,
  told: Told,
  at: At,
  more: Partial<ChatChange> = {},
): ChatDecision {
  const { chatId, change } = deed
  const next = { ...info, version: info.version + 1 }
  const effect = effectOf(deed, at, told.service === null)
  const event: ChatChanged = {
    type: 'ChatChanged',
    chatId,
    info: next,
    change,
    ...NO_CHANGE,
    ...more,
    ...effect,
  }
  return { events: [event, ...tellings(rows, next, [], deed, told, at)] }
}

/** The members in `after` are so from now on; `info` counts them in. `info` may have changed otherwise too. */
export function membersChanged(
  rows: Rows,
  info: ChatInfo,
  after: readonly ChatMember[],
  deed: Deed,
  told: Told,
  at: At,
): { events: (MembersChanged | MessageSent)[] } {
  const { chatId, change } = deed
  const changes = after.map((member) => changeOf(rows, chatId, member))
  const next = counted(info, changes)
  const effect = effectOf(deed, at, told.service === null)
  const event: MembersChanged = { type: 'MembersChanged', chatId, info: next, changes, change, ...effect }
  return { events: [event, ...tellings(rows, next, changes, deed, told, at)] }
}

function changeOf(rows: Rows, chatId: ChatId, member: ChatMember): MemberChange {
  const before = memberOf(rows, chatId, member.peerId)
  return { before: before?.status ?? '', wasIn: before?.isIn ?? false, member }
}

/** The chat with its lists and counts as they are after the changes, and the next version. */
function counted(info: ChatInfo, changes: readonly MemberChange[]): ChatInfo {
  const admins = new Set(info.adminIds)
  const members = new Set(info.members)
  let { participants, kicked, banned } = info
  for (const { before, wasIn, member } of changes) {
    const userId = member.peerId as number as UserId
    participants += Number(member.isIn) - Number(wasIn)
    kicked += Number(member.status === 'kicked') - Number(before === 'kicked')
    banned += Number(member.status === 'restricted') - Number(before === 'restricted')
    put(admins, userId, member.status === 'admin' || member.status === 'creator')
    if (info.kind === 'group') put(members, userId, member.isIn)
  }
  const lists = { adminIds: [...admins], members: [...members] }
  return { ...info, ...lists, participants, kicked, banned, version: info.version + 1 }
}

function put(set: Set<UserId>, userId: UserId, isThere: boolean): void {
  if (isThere) set.add(userId)
  else set.delete(userId)
}

function tellings(
  rows: Rows,
  info: ChatInfo,
  changes: readonly MemberChange[],
  deed: Deed,
  { service, serviceRandomId, tellerId }: Told,
  at: At,
): MessageSent[] {
  if (service === null) return []
  const { chatId, byUserId } = deed
  const draft = {
    chatId,
    info,
    byUserId: tellerId ?? byUserId,
    sealed: service,
    randomId: serviceRandomId,
    ...(info.kind === 'group' ? movements(rows, chatId, changes) : anonymity(rows, deed)),
  }
  return [serviceMessage(rows, draft, at)]
}

/** Who gets the message although it has just left a basic group, and who has come back. */
function movements(rows: Rows, chatId: ChatId, changes: readonly MemberChange[]) {
  const alsoTo: UserId[] = []
  const returned: { userId: UserId; previousSeq: MessageSeq }[] = []
  for (const { wasIn, member } of changes) {
    const userId = member.peerId as number as UserId
    if (wasIn && !member.isIn) alsoTo.push(userId)
    const previousSeq = (memberOf(rows, chatId, userId)?.minSeq ?? 0) as MessageSeq
    if (!wasIn && member.isIn && previousSeq > 0) returned.push({ userId, previousSeq })
  }
  return { alsoTo, returned }
}

/** An anonymous administrator acts in the name of the chat; it leaves in its own. */
function anonymity(rows: Rows, { chatId, byUserId, change }: Deed): { extra?: { postAs: PeerId } } {
  const by = memberOf(rows, chatId, byUserId)
  const isAnonymous = change !== 'leave' && mayAdminister(by, ADMIN_RIGHTS.anonymous)
  return isAnonymous ? { extra: { postAs: peerIdOfChat(chatId) } } : {}
}

/** The last message that is delivered to who leaves a basic group with this command. */
export function lastDelivered(rows: Rows, chatId: ChatId, { service }: Told): number {
  return (rows.get(chats, { chatId })?.lastSeq ?? 0) + (service === null ? 0 : 1)
}

/** The messages that a newcomer does not see: in a channel that hides them, all of before. */
export function hiddenUpTo(rows: Rows, chatId: ChatId, info: ChatInfo): number {
  if (!info.flags.includes('hiddenHistory') || info.username !== null) return 0
  return rows.get(chats, { chatId })?.lastSeq ?? 0
}
