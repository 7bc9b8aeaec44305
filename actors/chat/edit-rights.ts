import { ADMIN_RIGHTS, type ChatFlag, type ChatInfo, type EditChat } from '@heliograph/schemas/avro'
import type { Rejection } from '../runtime/decider.ts'
import { chatAdminRequired } from './rejections.ts'
import { isCreator, type Member, mayChangeInfo, outsider, refusedRight, unknownChat } from './rights.ts'

/** Which right each change of a chat needs. */

type Refuses = (info: ChatInfo, by: Member, command: EditChat, date: number) => Rejection | undefined

const { banUsers, changeInfo, deleteMessages, pinMessages } = ADMIN_RIGHTS

const administrator =
  (bit: number): Refuses =>
  (info, by, _command, date) =>
    refusedRight(info, by, bit, date)

/** Also members, where the chat's defaults let them. */
const member: Refuses = (info, by, _command, date) => {
  if (mayChangeInfo(info, by, date)) return undefined
  return by?.isIn === true ? chatAdminRequired.rejected : outsider(info, by, date)
}

const creator: Refuses = (info, by, _command, date) => {
  if (isCreator(by)) return undefined
  return by?.isIn === true ? chatAdminRequired.rejected : outsider(info, by, date)
}

/** Basic groups have no public name. */
const named: Refuses = (info, by, command, date) =>
  info.kind === 'group' ? unknownChat(command.chatId) : creator(info, by, command, date)

const linked: Refuses = (info, by, { chatId }, date) => {
  if (info.kind === 'group') return unknownChat(chatId)
  return refusedRight(info, by, info.kind === 'broadcast' ? changeInfo : pinMessages, date)
}

const flags: Refuses = (info, by, command, date) => {
  for (const flag of [...command.setFlags, ...command.clearFlags]) {
    const refused = FLAGS[flag](info, by, command, date)
    if (refused !== undefined) return refused
  }
  return undefined
}

const FLAGS: Readonly<Record<ChatFlag, Refuses>> = {
  signatures: administrator(changeInfo),
  signatureProfiles: administrator(changeInfo),
  hiddenHistory: administrator(changeInfo),
  autotranslation: administrator(changeInfo),
  joinToSend: administrator(banUsers),
  joinRequest: administrator(banUsers),
  hiddenMembers: administrator(banUsers),
  antiSpam: administrator(deleteMessages),
  noForwards: creator,
  forum: creator,
  forumTabs: creator,
  gigagroup: creator,
  // Set by the deletion of the chat alone.
  deactivated: () => chatAdminRequired.rejected,
}

const CHANGES: Readonly<Record<string, Refuses>> = {
  title: member,
  about: member,
  photo: member,
  theme: member,
  ttl: member,
  username: named,
  usernames: named,
  location: creator,
  'default-banned': administrator(banUsers),
  'slow-mode': administrator(banUsers),
  linked,
  // Each flag has its own right.
  flags: () => undefined,
}

/** Undefined where `by` may make this change; changes that are not named here are for those with the right to change the chat. */
export function refusedEdit(
  info: ChatInfo,
  by: Member,
  command: EditChat,
  date: number,
): Rejection | undefined {
  const refuses = CHANGES[command.change] ?? administrator(changeInfo)
  return refuses(info, by, command, date) ?? flags(info, by, command, date)
}
