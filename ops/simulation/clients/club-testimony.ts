import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import { ChannelView } from './channel-view.ts'
import type { Club } from './clubs.ts'
import { reactionsTo, type Shown, shownOf } from './counted-view.ts'
import type { Device } from './device.ts'

const PAGE = 100
const EVERYTHING = { _: 'channelMessagesFilterEmpty' } as const

/** What the server says of a club to one client in the end. */
export interface ClubTestimony {
  readonly device: Device
  /** The newest first; undefined where it is refused, or the client never knew the club. */
  readonly history: readonly Shown[] | undefined
  /** What has been said to messages of the history: `id: count reaction`. */
  readonly said: readonly string[]
  /** What a client shows that takes the difference from the very beginning. */
  readonly fresh: ChannelView | undefined
  readonly dialog: Tl<'dialog'> | undefined
}

export async function clubTestimonyOf(device: Device, { channelId }: Club): Promise<ClubTestimony> {
  const all = await device.connection.until('messages.getDialogs', {
    offsetDate: 0,
    offsetId: 0,
    offsetPeer: { _: 'inputPeerEmpty' },
    limit: PAGE,
    hash: 0n,
  })
  const dialogs = 'dialogs' in all ? all.dialogs : []
  const dialog = dialogs.find(
    (each) => each._ === 'dialog' && each.peer._ === 'peerChannel' && each.peer.channelId === channelId,
  )
  const said: string[] = []
  const history = await unlessPrivate(historyOf(device, said))
  const fresh = await unlessPrivate(fromTheStart(device))
  return { device, history, said, fresh, dialog: dialog?._ === 'dialog' ? dialog : undefined }
}

async function historyOf({ connection, channel }: Device, said: string[]): Promise<Shown[] | undefined> {
  if (channel.input?._ !== 'inputChannel') return undefined
  const { channelId, accessHash } = channel.input
  const peer = { _: 'inputPeerChannel', channelId, accessHash } as const
  const shown: Shown[] = []
  for (;;) {
    const offsetId = shown.at(-1)?.id ?? 0
    const page = { offsetDate: 0, addOffset: 0, limit: PAGE, maxId: 0, minId: 0, hash: 0n }
    const history = await connection.until('messages.getHistory', { peer, offsetId, ...page })
    const messages = 'messages' in history ? history.messages : []
    channel.note(messages)
    said.push(...messages.flatMap(saidTo))
    shown.push(...messages.flatMap((message) => shownOf(message) ?? []))
    if (messages.length < PAGE) return shown
  }
}

const saidTo = (message: TlType<'Message'>): string[] =>
  reactionsTo(message).map((said) => `${message.id}: ${said}`)

async function fromTheStart({ connection, channel }: Device): Promise<ChannelView | undefined> {
  if (channel.input === undefined) return undefined
  const view = new ChannelView()
  for (;;) {
    const asked = { channel: channel.input, filter: EVERYTHING, pts: view.pts, limit: PAGE }
    const difference = await connection.until('updates.getChannelDifference', asked)
    if (difference._ === 'updates.channelDifferenceTooLong') throw new Error('a difference was too long')
    if (difference._ === 'updates.channelDifferenceEmpty') return view
    const { newMessages, otherUpdates, pts } = difference
    channel.note(newMessages, otherUpdates)
    view.takeDifference(newMessages, otherUpdates, pts)
    if (difference.final === true) return view
  }
}

async function unlessPrivate<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof RpcError && error.errorMessage === 'CHANNEL_PRIVATE') return undefined
    throw error
  }
}
