import type { TlType } from '@heliograph/schemas/tl'
import { CountedView, peerIdOf } from './counted-view.ts'

type Update = TlType<'Update'>
type Counted = Update & { readonly pts: number; readonly ptsCount: number }

/** What a client shows of a mailbox, brought up to date by updates as the protocol says (pts counts every change once). */
export class MailboxView extends CountedView {
  /** `in` or `out` and the peer → highest message id read. */
  readonly reads = new Map<string, number>()

  /** Takes updates that follow on each other; false where something before them is missing. */
  takeAll(updates: readonly Update[]): boolean {
    for (const update of updates) if (!this.take(update)) return false
    return true
  }

  take(update: Update): boolean {
    if (!isCounted(update)) return true
    return this.count(update.pts, update.ptsCount, () => this.show(update))
  }

  /** The user has read what others wrote to it there, up to this message. */
  noteRead(peerId: number, maxId: number): void {
    this.#read('in', peerId, maxId)
  }

  protected override show(update: Update): void {
    switch (update._) {
      case 'updateNewMessage':
        return this.put(update.message)
      case 'updateEditMessage':
        return this.putEdited(update.message)
      case 'updateDeleteMessages':
        return this.remove(update.messages)
      case 'updateReadHistoryInbox':
        return this.noteRead(peerIdOf(update.peer), update.maxId)
      case 'updateReadHistoryOutbox':
        return this.#read('out', peerIdOf(update.peer), update.maxId)
    }
  }

  #read(way: 'in' | 'out', peerId: number, maxId: number): void {
    const key = `${way} ${peerId}`
    this.reads.set(key, Math.max(maxId, this.reads.get(key) ?? 0))
  }
}

/** Those of a difference bear no count: they are counted by its state. */
const isCounted = (update: Update): update is Counted =>
  'pts' in update && 'ptsCount' in update && (update as Counted).ptsCount > 0
