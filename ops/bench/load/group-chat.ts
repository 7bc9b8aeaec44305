import type { Result } from '@heliograph/schemas/tl'
import type { Workload } from '../workload.ts'
import { call, connectLink, type LoadTarget, type LoadUser, signUp } from './user.ts'

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
  const users = await signUpAll(workload.members, target)
  const [creator, listener] = users as [LoadUser, LoadUser]
  const others = await inputUsers(creator, users.slice(1))
  const peer = await create(creator, others, workload.chat)
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
  return { users, peer, peerOfListener: await seenBy(listener) }
}

async function signUpAll(count: number, target: LoadTarget): Promise<LoadUser[]> {
  const users: LoadUser[] = []
  let next = 0
  const worker = async () => {
    while (next < count) {
      const index = next++
      const phone = `+99966150${String(index).padStart(5, '0')}`
      users[index] = await signUp(await connectLink(target), phone, target)
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, worker))
  return users
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
