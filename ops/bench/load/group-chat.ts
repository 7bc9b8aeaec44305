import type { Result } from '@heliograph/schemas/tl'
import type { Workload } from '../workload.ts'
import { call, connectLink, type LoadTarget, type LoadUser, logIn, signUp } from './user.ts'

type GroupWorkload = Extract<Workload, { kind: 'group' }>

/** A group or channel as one user names it. */
export type GroupPeer =
  | { readonly _: 'inputPeerChat'; readonly chatId: number }
  | { readonly _: 'inputPeerChannel'; readonly channelId: number; readonly accessHash: bigint }

export interface MadeGroup {
  /** The creator first. */
  readonly users: readonly LoadUser[]
  readonly peer: GroupPeer
  /** As the second of the users names it. */
  readonly peerOfListener: GroupPeer
}

/** Sign-ups under way at once. */
const CONCURRENCY = 16
const CHUNK = 100
/** Until the gateways listen for who has come. */
const SETTLE_MS = 1_000

/** Signs everybody up and brings them together in a new group. */
export async function makeGroup(workload: GroupWorkload, target: LoadTarget): Promise<MadeGroup> {
  const silent = workload.silentMembers ?? 0
  if (silent > 0) return joinFounded(workload.members, silent, target)
  const users = await signUpAll(0, workload.members, target)
  const [creator, listener] = users as [LoadUser, LoadUser]
  const others = await inputUsers(creator, users.slice(1))
  const peer = await create(creator, others, workload.chat)
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
  return { users, peer, peerOfListener: await seenBy(listener) }
}

async function signUpAll(first: number, end: number, target: LoadTarget): Promise<LoadUser[]> {
  const users: LoadUser[] = []
  let next = first
  const worker = async () => {
    while (next < end) {
      const index = next++
      const phone = phoneOf(index)
      users[index - first] = await signUp(await connectLink(target), phone, target)
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, worker))
  return users
}

const phoneOf = (index: number): string => `+99966150${String(index).padStart(5, '0')}`
/** The name by which members come to a channel that has been founded. */
const USERNAME = 'load_channel'
const FILL_POLL_MS = 500
const FILL_TIMEOUT_MS = 600_000

/** A channel with a name by which others find it. */
export async function foundChannel(
  chat: 'supergroup' | 'broadcast',
  target: LoadTarget,
): Promise<{ readonly creatorId: number; readonly channelId: number }> {
  const [creator] = (await signUpAll(0, 1, target)) as [LoadUser]
  const peer = await create(creator, [], chat)
  if (peer._ !== 'inputPeerChannel') throw new Error('no channel was made')
  const channel = { ...peer, _: 'inputChannel' }
  await call(creator.link, { _: 'channels.updateUsername', channel, username: USERNAME } as never)
  return { creatorId: creator.id, channelId: peer.channelId }
}

/** Waits until the silent members are in the channel, and brings the others in by its name. */
async function joinFounded(members: number, silent: number, target: LoadTarget): Promise<MadeGroup> {
  const creator = await logIn(await connectLink(target), phoneOf(0), target)
  const peer = await seenBy(creator)
  await untilFilled(creator, peer, silent)
  const others = await signUpAll(1, members, target)
  for (const other of others) {
    const found = (await call(other.link, {
      _: 'contacts.resolveUsername',
      username: USERNAME,
    } as never)) as Result<'contacts.resolveUsername'>
    const [channel] = found.chats
    if (channel?._ !== 'channel') throw new Error('the channel was not found by its name')
    const input = { _: 'inputChannel', channelId: channel.id, accessHash: channel.accessHash ?? 0n }
    await call(other.link, { _: 'channels.joinChannel', channel: input } as never)
  }
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
  return { users: [creator, ...others], peer, peerOfListener: await seenBy(others[0]!) }
}

async function untilFilled(creator: LoadUser, peer: GroupPeer, silent: number): Promise<void> {
  const deadline = performance.now() + FILL_TIMEOUT_MS
  const channel = { ...peer, _: 'inputChannel' }
  for (;;) {
    const { fullChat } = (await call(creator.link, {
      _: 'channels.getFullChannel',
      channel,
    } as never)) as Result<'channels.getFullChannel'>
    if (fullChat._ === 'channelFull' && (fullChat.participantsCount ?? 0) > silent) return
    if (performance.now() > deadline) throw new Error('the channel has not got its members')
    await new Promise((resolve) => setTimeout(resolve, FILL_POLL_MS))
  }
}

/** The others as the creator names them, as importing their numbers gives it. */
async function inputUsers(creator: LoadUser, others: readonly LoadUser[]): Promise<object[]> {
  const inputs: object[] = []
  for (let at = 0; at < others.length; at += CHUNK) {
    const contacts = others.slice(at, at + CHUNK).map(({ phone }, index) => ({
      _: 'inputPhoneContact',
      clientId: BigInt(at + index),
      phone,
      firstName: 'Load',
      lastName: '',
    }))
    const imported = (await call(creator.link, {
      _: 'contacts.importContacts',
      contacts,
    } as never)) as Result<'contacts.importContacts'>
    for (const user of imported.users) {
      if (user._ === 'user')
        inputs.push({ _: 'inputUser', userId: user.id, accessHash: user.accessHash ?? 0n })
    }
  }
  return inputs
}

async function create(
  creator: LoadUser,
  users: readonly object[],
  chat: GroupWorkload['chat'],
): Promise<GroupPeer> {
  if (chat === 'basic') {
    await call(creator.link, { _: 'messages.createChat', users, title: 'Load' } as never)
    return seenBy(creator)
  }
  const flags = chat === 'supergroup' ? { megagroup: true } : { broadcast: true }
  await call(creator.link, { _: 'channels.createChannel', ...flags, title: 'Load', about: '' } as never)
  const peer = await seenBy(creator)
  const channel = { ...peer, _: 'inputChannel' }
  for (let at = 0; at < users.length; at += CHUNK) {
    const invited = users.slice(at, at + CHUNK)
    await call(creator.link, { _: 'channels.inviteToChannel', channel, users: invited } as never)
  }
  return peer
}

/** The one group that the user is in. */
async function seenBy(user: LoadUser): Promise<GroupPeer> {
  const dialogs = (await call(user.link, {
    _: 'messages.getDialogs',
    offsetDate: 0,
    offsetId: 0,
    offsetPeer: { _: 'inputPeerEmpty' },
    limit: CHUNK,
    hash: 0n,
  } as never)) as Result<'messages.getDialogs'>
  for (const chat of 'chats' in dialogs ? dialogs.chats : []) {
    if (chat._ === 'chat') return { _: 'inputPeerChat', chatId: chat.id }
    if (chat._ === 'channel')
      return { _: 'inputPeerChannel', channelId: chat.id, accessHash: chat.accessHash ?? 0n }
  }
  throw new Error('the user is in no group')
}
