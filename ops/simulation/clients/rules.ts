import type { Random } from '@heliograph/actors/simulation'
import type { Tl } from '@heliograph/schemas/tl'
import type { Club, ClubDeeds } from './clubs.ts'
import type { Device, Peer } from './device.ts'
import { hideHistory, slowDown } from './founding.ts'

/** How long those who have written wait, in a slow club, seconds; 0 not any more. */
const SLOW_SECONDS = [0, 5, 10] as const
const PAGE = 100

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
