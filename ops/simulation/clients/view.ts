import type { TlType } from '@heliograph/schemas/tl'

/** A message as a client shows it. */
export interface Shown {
  readonly id: number
  readonly peerId: number
  readonly text: string
  readonly out: boolean
}

type Update = TlType<'Update'>
type Counted = Update & { readonly pts: number; readonly ptsCount: number }

/** What a client shows of a mailbox, brought up to date by updates as the protocol says (pts counts every change once). */
export class MailboxView {
  pts: number
  readonly messages = new Map<number, Shown>()
  /** `in` or `out` and the peer → highest message id read. */
  readonly reads = new Map<string, number>()

  constructor(pts: number) {
    this.pts = pts
  }

  /** Takes updates that follow on each other; false where something before them is missing. */
  takeAll(updates: readonly Update[]): boolean {
    for (const update of updates) if (!this.take(update)) return false
    return true
  }

  take(update: Update): boolean {
    if (!isCounted(update)) return true
    return this.count(update.pts, update.ptsCount, () => this.#show(update))
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
    for (const message of messages) this.#put(message)
    for (const update of updates) this.#show(update)
    this.pts = pts
  }

  #show(update: Update): void {
    switch (update._) {
      case 'updateNewMessage':
        return this.#put(update.message)
      case 'updateEditMessage':
        if ('id' in update.message && this.messages.has(update.message.id)) this.#put(update.message)
        return
      case 'updateDeleteMessages':
        for (const id of update.messages) this.messages.delete(id)
        return
      case 'updateReadHistoryInbox':
        return this.#read('in', update.peer, update.maxId)
      case 'updateReadHistoryOutbox':
        return this.#read('out', update.peer, update.maxId)
    }
  }

  #put(message: TlType<'Message'>): void {
    const shown = shownOf(message)
    if (shown !== undefined) this.messages.set(shown.id, shown)
  }

  #read(way: 'in' | 'out', peer: TlType<'Peer'>, maxId: number): void {
    const key = `${way} ${peerIdOf(peer)}`
    this.reads.set(key, Math.max(maxId, this.reads.get(key) ?? 0))
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

/** Of basic groups, minus their id. */
export function peerIdOf(peer: TlType<'Peer'>): number {
  if (peer._ === 'peerUser') return peer.userId
  return peer._ === 'peerChat' ? -peer.chatId : 0
}

/** Those of a difference bear no count: they are counted by its state. */
const isCounted = (update: Update): update is Counted =>
  'pts' in update && 'ptsCount' in update && (update as Counted).ptsCount > 0
