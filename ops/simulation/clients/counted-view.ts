import type { TlType } from '@heliograph/schemas/tl'

/** A message as a client shows it. */
export interface Shown {
  readonly id: number
  readonly peerId: number
  readonly text: string
  readonly out: boolean
}

type Update = TlType<'Update'>

/** Messages that are brought up to date by updates of one pts, which counts every change once. */
export abstract class CountedView {
  pts: number
  readonly messages = new Map<number, Shown>()

  constructor(pts: number) {
    this.pts = pts
  }

  /** By a change of `ptsCount` that led to `pts`: it is new, known, or there is a gap (false). */
  count(pts: number, ptsCount: number, show: () => void = () => {}): boolean {
    if (this.pts + ptsCount < pts) return false
    if (this.pts + ptsCount > pts) return true
    this.pts = pts
    show()
    return true
  }

  takeDifference(messages: readonly TlType<'Message'>[], updates: readonly Update[], pts: number): void {
    for (const message of messages) this.put(message)
    for (const update of updates) this.show(update)
    this.pts = pts
  }

  /** What an update that is new changes in what is shown. */
  protected abstract show(update: Update): void

  protected put(message: TlType<'Message'>): void {
    const shown = shownOf(message)
    if (shown !== undefined) this.messages.set(shown.id, shown)
  }

  /** An edit of what is not shown is none of its business. */
  protected putEdited(message: TlType<'Message'>): void {
    if ('id' in message && this.messages.has(message.id)) this.put(message)
  }

  protected remove(ids: readonly number[]): void {
    for (const id of ids) this.messages.delete(id)
  }
}

export function shownOf(message: TlType<'Message'>): Shown | undefined {
  if (message._ === 'messageService')
    return {
      id: message.id,
      peerId: peerIdOf(message.peerId),
      text: message.action._,
      out: message.out ?? false,
    }
  if (message._ !== 'message') return undefined
  const { id, message: text, out = false, peerId } = message
  return { id, peerId: peerIdOf(peerId), text, out }
}

/** What has been said to a message: `count reaction`. */
export function reactionsTo(message: TlType<'Message'>): string[] {
  const results = (message._ === 'message' && message.reactions?.results) || []
  return results.flatMap(({ reaction, count }) =>
    reaction._ === 'reactionEmoji' ? [`${count} ${reaction.emoticon}`] : [],
  )
}

/** Of basic groups, minus their id. */
export function peerIdOf(peer: TlType<'Peer'>): number {
  if (peer._ === 'peerUser') return peer.userId
  return peer._ === 'peerChat' ? -peer.chatId : 0
}
