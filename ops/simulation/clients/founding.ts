import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { ClubRule } from '../plan.ts'
import type { Club, ClubKind } from './clubs.ts'
import { SECRET_NAME } from './deeds.ts'
import type { Device } from './device.ts'

/** What who writes in a slow club waits, to begin with; seconds. */
const SLOW_SECONDS = 5

/** Makes a club with a public name, or an invite link where `username` is undefined. */
export async function foundClub(
  device: Device,
  kind: ClubKind,
  username: string | undefined,
  rules: readonly ClubRule[],
): Promise<Club> {
  const { connection, userId, channel } = device
  const isBroadcast = kind === 'broadcast'
  const updates = await connection.until('channels.createChannel', {
    title: `${SECRET_NAME} club`,
    about: '',
    ...(isBroadcast ? { broadcast: true } : { megagroup: true }),
  })
  channel.input = inputOf('chats' in updates ? updates.chats : [])
  device.take(updates)
  const { channelId } = channel.input
  const base = { kind, channelId, founder: userId, rules }
  if (rules.includes('hidden')) await hideHistory(device, true)
  if (rules.includes('slow')) await slowDown(device, SLOW_SECONDS)
  if (username !== undefined) {
    const named = connection.until('channels.updateUsername', { channel: channel.input, username })
    // The first try was carried out.
    await named.catch(unless('USERNAME_NOT_MODIFIED', 'USERNAME_OCCUPIED'))
    return { ...base, way: { username } }
  }
  const peer = { _: 'inputPeerChannel', channelId, accessHash: channel.input.accessHash } as const
  const asking = rules.includes('approval') ? { requestNeeded: true } : {}
  const invite = await connection.until('messages.exportChatInvite', { peer, ...asking })
  if (invite._ !== 'chatInviteExported') throw new Error('a link was made and not shown')
  return { ...base, way: { invite: invite.link.replace(/^.*\+/, '') } }
}

/** Newcomers do not see what was there before them, from now on, or do again. */
export async function hideHistory({ connection, channel }: Device, enabled: boolean): Promise<void> {
  const hidden = connection.until('channels.togglePreHistoryHidden', { channel: channel.input!, enabled })
  await hidden.catch(unless('CHAT_NOT_MODIFIED'))
}

/** Who has written waits for so long. */
export async function slowDown({ connection, channel }: Device, seconds: number): Promise<void> {
  const slowed = connection.until('channels.toggleSlowMode', { channel: channel.input!, seconds })
  await slowed.catch(unless('CHAT_NOT_MODIFIED'))
}

/**
 * Comes into a club by the way that it offers, or looks it up where the account is in it; false where that is refused, or waits for
 * the founder.
 */
export async function enterClub(device: Device, { way }: Club): Promise<boolean> {
  try {
    if (!('username' in way)) return await enterByInvite(device, way.invite)
    await enterByName(device, way.username)
    return true
  } catch (error) {
    if (!(error instanceof RpcError)) throw error
    return false
  }
}

async function enterByName(device: Device, username: string): Promise<void> {
  const { connection, channel } = device
  const { chats } = await connection.until('contacts.resolveUsername', { username })
  channel.input = inputOf(chats)
  const joined = connection.until('channels.joinChannel', { channel: channel.input })
  const result = await joined.catch(unless('USER_ALREADY_PARTICIPANT'))
  if (result?._ === 'messages.chatInviteJoinResultOk') device.take(result.updates)
}

async function enterByInvite(device: Device, hash: string): Promise<boolean> {
  const { connection, channel } = device
  const joined = connection.until('messages.importChatInvite', { hash })
  const result = await joined.catch(unless('USER_ALREADY_PARTICIPANT', 'INVITE_REQUEST_SENT'))
  const known = await connection.until('messages.checkChatInvite', { hash })
  if (known._ === 'chatInviteAlready') channel.input = inputOf([known.chat])
  if (result?._ === 'messages.chatInviteJoinResultOk') device.take(result.updates)
  return known._ === 'chatInviteAlready'
}

function inputOf(chats: readonly TlType<'Chat'>[]): Tl<'inputChannel'> {
  const channel = chats.find((chat) => chat._ === 'channel')
  if (channel === undefined) throw new Error('a channel was reached and is not shown')
  return { _: 'inputChannel', channelId: channel.id, accessHash: channel.accessHash ?? 0n }
}

const unless =
  (...expected: readonly string[]) =>
  (error: unknown): undefined => {
    if (!(error instanceof RpcError) || !expected.includes(error.errorMessage)) throw error
  }
