import { type Random, WORLD_TIME_MS } from '@heliograph/actors/simulation'
import {
  ADMIN_RIGHTS,
  BANNED_RIGHTS,
  type ChatCommand,
  type PeerId,
  UNCHANGED_CHAT,
  type UserId,
} from '@heliograph/schemas/avro'
import { bytes, PEOPLE, type Place } from './public-places.ts'

/** The rules that a group or channel begins with, and its invite links. */

export const HASHES = ['link1', 'link2', 'link3']
export const SLOW_SECONDS = 10
/** What a chat may restrict its reactions to. */
export const FEW_EMOJI = ['👍', '❤']
const START = WORLD_TIME_MS / 1000

/** About half of these: slow mode, hidden history, few reactions, a link for one, a link that wants a request. */
export function someRules(random: Random, { chatId, creatorId }: Place, i: number): ChatCommand[] {
  const told = { service: null, serviceRandomId: BigInt(-20 - i), log: null }
  const edit = { type: 'EditChat', ...UNCHANGED_CHAT, chatId, byUserId: creatorId, ...told } as const
  const link = { type: 'PutInvite', chatId, byUserId: creatorId, log: null } as const
  const invite = { ...NEW_LINK, adminId: creatorId }
  const rules: ChatCommand[] = [
    { ...edit, change: 'slow-mode', slowModeSeconds: SLOW_SECONDS },
    { ...edit, change: 'flags', setFlags: ['hiddenHistory'] },
    { ...edit, change: 'reactions', reactions: FEW_EMOJI },
    { ...link, invite: { ...invite, hash: HASHES[0]!, usageLimit: 1 } },
    { ...link, invite: { ...invite, hash: HASHES[1]!, requestNeeded: true } },
  ]
  return rules.filter(() => random.below(2) === 0)
}

/** Somebody may not write, for a while or for good; others help to rule. */
export function someStanding(random: Random, { chatId, creatorId }: Place, i: number): ChatCommand[] {
  const others = PEOPLE.filter((each) => each !== creatorId)
  const told = { service: null, serviceRandomId: BigInt(-30 - i), log: null }
  const ban: ChatCommand = {
    type: 'SetBanned',
    chatId,
    byUserId: creatorId,
    peerId: random.pick(others) as number as PeerId,
    banned: random.pick([BANNED_RIGHTS.sendMessages, BANNED_RIGHTS.sendReactions | BANNED_RIGHTS.sendPolls]),
    untilDate: random.below(2) * (START + 40 + random.below(30)),
    ...told,
  }
  const rights = ADMIN_RIGHTS.banUsers | ADMIN_RIGHTS.deleteMessages
  const by = { type: 'SetAdmin', chatId, byUserId: creatorId, rank: null, rights, ...told } as const
  const admins = others.map((userId): ChatCommand => ({ ...by, userId }))
  return [...admins.slice(0, random.pick([0, 0, 0, 1, 2])), ...(random.below(3) > 0 ? [ban] : [])]
}

const NEW_LINK = {
  title: null,
  date: 0,
  startDate: 0,
  expireDate: 0,
  usageLimit: 0,
  usage: 0,
  requested: 0,
  requestNeeded: false,
  revoked: false,
  permanent: false,
}

export function someLink(random: Random, { chatId }: Place, byUserId: UserId, i: number): ChatCommand {
  const invite = {
    ...NEW_LINK,
    hash: random.pick(HASHES),
    adminId: random.below(5) === 0 ? random.pick(PEOPLE) : byUserId,
    expireDate: random.below(3) === 0 ? START + i + random.below(30) : 0,
    usageLimit: random.below(3),
    requestNeeded: random.below(5) === 0,
    revoked: random.below(5) === 0,
    permanent: random.below(4) === 0,
  }
  return { type: 'PutInvite', chatId, byUserId, invite, log: bytes('log', i) }
}
