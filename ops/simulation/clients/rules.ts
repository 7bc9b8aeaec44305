import type { Random } from '@heliograph/actors/simulation'
import type { Tl } from '@heliograph/schemas/tl'
import type { Club, ClubDeeds } from './clubs.ts'
import type { Device, Peer } from './device.ts'
import { hideHistory, slowDown } from './founding.ts'

/** How long those who have written wait, in a slow club, seconds; 0 not any more. */
const SLOW_SECONDS = [0, 5, 10] as const
const PAGE = 100
/** A word of every post. */
const SEARCHED = 'post'

/** What the founder of a club does about its rules; what it did, to be seen. */
export async function keepRules(
  device: Device,
  club: Club,
  deeds: ClubDeeds,
  peers: readonly Peer[],
  random: Random,
): Promise<string> {
  const rule = random.pick(club.rules)
  if (rule === 'approval') return answerOne(device, deeds, peers, random)
  if (rule === 'slow') await slowDown(device, random.pick(SLOW_SECONDS))
  else await hideHistory(device, random.below(3) > 0)
  return `club ${rule}`
}

/** Asks for messages one by one, and for what their words find: no more is shown than in the history. */
export async function pry({ connection, channel }: Device, posts: number): Promise<void> {
  const input = channel.input as Tl<'inputChannel'>
  const peer = { _: 'inputPeerChannel', channelId: input.channelId, accessHash: input.accessHash } as const
  // The first messages are of the founding, and others of comings and goings.
  const ids = Array.from({ length: Math.min(PAGE, 2 * posts + 2) }, (_, i) => i + 1)
  const asked = { channel: input, id: ids.map((id) => ({ _: 'inputMessageID', id }) as const) }
  const some = await connection.until('channels.getMessages', asked)
  if ('messages' in some) channel.note(some.messages)
  const page = {
    minDate: 0,
    maxDate: 0,
    offsetId: 0,
    addOffset: 0,
    limit: PAGE,
    maxId: 0,
    minId: 0,
    hash: 0n,
  }
  const filter = { _: 'inputMessagesFilterEmpty' } as const
  const found = await connection.until('messages.search', { peer, q: SEARCHED, filter, ...page })
  if ('messages' in found) channel.note(found.messages)
}

/** Lets in one of those who ask, or turns it away. */
async function answerOne(
  { connection, channel }: Device,
  deeds: ClubDeeds,
  peers: readonly Peer[],
  random: Random,
): Promise<string> {
  const { channelId, accessHash } = channel.input as Tl<'inputChannel'>
  const peer = { _: 'inputPeerChannel', channelId, accessHash } as const
  const page = { requested: true, offsetDate: 0, offsetUser: { _: 'inputUserEmpty' }, limit: PAGE } as const
  const { importers } = await connection.until('messages.getChatInviteImporters', { peer, ...page })
  const asking = peers.filter(({ userId }) => importers.some((each) => each.userId === userId))
  if (asking.length === 0) return 'nobody asks to enter'
  const { userId, accessHash: userHash } = random.pick(asking)
  const approved = random.below(4) > 0
  if (approved) deeds.approved.push(userId)
  const user = { _: 'inputUser', userId, accessHash: userHash } as const
  await connection.until('messages.hideChatJoinRequest', { peer, userId: user, approved })
  return approved ? 'let in' : 'turned away'
}
