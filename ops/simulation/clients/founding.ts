import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { Club, ClubKind } from './clubs.ts'
import { SECRET_NAME } from './deeds.ts'
import type { Device } from './device.ts'

/** Makes a club with a public name, or an invite link where `username` is undefined. */
export async function foundClub(device: Device, kind: ClubKind, username: string | undefined): Promise<Club> {
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
  const base = { kind, channelId, founder: userId }
  if (username !== undefined) {
    const named = connection.until('channels.updateUsername', { channel: channel.input, username })
    // The first try was carried out.
    await named.catch(unless('USERNAME_NOT_MODIFIED', 'USERNAME_OCCUPIED'))
    return { ...base, way: { username } }
  }
  const peer = { _: 'inputPeerChannel', channelId, accessHash: channel.input.accessHash } as const
  const invite = await connection.until('messages.exportChatInvite', { peer })
  if (invite._ !== 'chatInviteExported') throw new Error('a link was made and not shown')
  return { ...base, way: { invite: invite.link.replace(/^.*\+/, '') } }
}

/** Comes into a club by the way that it offers, or looks it up where the account is in it; false where that is refused. */
export async function enterClub(device: Device, { way }: Club): Promise<boolean> {
  try {
    if ('username' in way) await enterByName(device, way.username)
    else await enterByInvite(device, way.invite)
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

async function enterByInvite(device: Device, hash: string): Promise<void> {
  const { connection, channel } = device
  const joined = connection.until('messages.importChatInvite', { hash })
  const result = await joined.catch(unless('USER_ALREADY_PARTICIPANT'))
  const known = await connection.until('messages.checkChatInvite', { hash })
  if (known._ === 'chatInviteAlready') channel.input = inputOf([known.chat])
  if (result?._ === 'messages.chatInviteJoinResultOk') device.take(result.updates)
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
