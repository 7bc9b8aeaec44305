import type { Tl, TlType } from '@heliograph/schemas/tl'
import { peerIdOf, reactionsTo, type Shown, shownOf } from './counted-view.ts'
import type { Device } from './device.ts'
import { parseGroupText } from './groups.ts'
import { MailboxView } from './view.ts'

const PAGE = 100

interface GroupSaid {
  readonly n: number
  readonly said: string
}

/** What the server says of one account in the end, asked through a client. */
export interface Testimony {
  readonly device: Device
  readonly pts: number
  /** Histories of all chats, by peer, the newest first. */
  readonly histories: ReadonlyMap<number, readonly Shown[]>
  /** What has been said to posts to the group, by their numbers: `count reaction`. */
  readonly groupSaid: readonly GroupSaid[]
  readonly dialogs: readonly Tl<'dialog'>[]
  /** What a client shows that takes the difference from the very beginning. */
  readonly fresh: MailboxView
}

export async function testimonyOf(device: Device): Promise<Testimony> {
  const { connection } = device
  const { pts } = await connection.until('updates.getState', {})
  const dialogs = await dialogsOf(device)
  const histories = new Map<number, Shown[]>()
  const groupSaid: GroupSaid[] = []
  for (const { userId, accessHash } of dialogs.peers) {
    histories.set(userId, await historyOf(device, { _: 'inputPeerUser', userId, accessHash }))
  }
  for (const { peer } of dialogs.dialogs)
    if (peer._ === 'peerChat')
      histories.set(
        peerIdOf(peer),
        await historyOf(device, { _: 'inputPeerChat', chatId: peer.chatId }, groupSaid),
      )
  const fresh = await fromTheStart(device)
  return { device, pts, histories, groupSaid, dialogs: dialogs.dialogs, fresh }
}

async function dialogsOf({ connection }: Device) {
  const all = await connection.until('messages.getDialogs', {
    offsetDate: 0,
    offsetId: 0,
    offsetPeer: { _: 'inputPeerEmpty' },
    limit: PAGE,
    hash: 0n,
  })
  if (all._ === 'messages.dialogsNotModified') throw new Error('dialogs were not given')
  const users = new Map(all.users.map((user) => [user.id, user]))
  const dialogs = all.dialogs.filter((dialog) => dialog._ === 'dialog')
  const peers = dialogs.flatMap(({ peer }) => {
    const user = peer._ === 'peerUser' ? users.get(peer.userId) : undefined
    return user?._ === 'user' ? [{ userId: user.id, accessHash: user.accessHash ?? 0n }] : []
  })
  return { dialogs, peers }
}

async function historyOf(
  { connection }: Device,
  peer: TlType<'InputPeer'>,
  groupSaid: GroupSaid[] = [],
): Promise<Shown[]> {
  const shown: Shown[] = []
  for (;;) {
    const offsetId = shown.at(-1)?.id ?? 0
    const page = { offsetDate: 0, addOffset: 0, limit: PAGE, maxId: 0, minId: 0, hash: 0n }
    const history = await connection.until('messages.getHistory', { peer, offsetId, ...page })
    const messages = 'messages' in history ? history.messages : []
    shown.push(...messages.flatMap((message) => shownOf(message) ?? []))
    groupSaid.push(...messages.flatMap(saidInGroup))
    if (messages.length < PAGE) return shown
  }
}

function saidInGroup(message: TlType<'Message'>): GroupSaid[] {
  const post = message._ === 'message' ? parseGroupText(message.message) : undefined
  return post === undefined ? [] : reactionsTo(message).map((said) => ({ n: post.n, said }))
}

async function fromTheStart({ connection }: Device): Promise<MailboxView> {
  const view = new MailboxView(1)
  for (;;) {
    const difference = await connection.until('updates.getDifference', { pts: view.pts, date: 1, qts: 0 })
    if (difference._ === 'updates.differenceTooLong') throw new Error('a difference was too long')
    if (difference._ === 'updates.differenceEmpty') return view
    const isWhole = difference._ === 'updates.difference'
    const { pts } = isWhole ? difference.state : difference.intermediateState
    view.takeDifference(difference.newMessages, difference.otherUpdates, pts)
    if (isWhole) return view
  }
}
