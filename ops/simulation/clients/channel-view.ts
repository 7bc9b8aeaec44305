import type { TlType } from '@heliograph/schemas/tl'
import { type Shown, shownOf } from './view.ts'

type Update = TlType<'Update'>

/** The pts of a channel in which nothing has happened. */
const FIRST_PTS = 1

/** What a client shows of one channel, brought up to date by updates that the channel's own pts counts. */
export class ChannelView {
  pts = FIRST_PTS
  readonly messages = new Map<number, Shown>()

  /** A counted update is new, or known; false where something before it is missing. What repeats an answer counts nothing. */
  take(update: Update): boolean {
    const { pts, ptsCount } = countOf(update)
    if (ptsCount === 0) return true
    if (this.pts + ptsCount < pts) return false
    if (this.pts + ptsCount > pts) return true
    this.pts = pts
    this.#show(update)
    return true
  }

  takeDifference(messages: readonly TlType<'Message'>[], updates: readonly Update[], pts: number): void {
    for (const message of messages) this.#put(message)
    for (const update of updates) this.#show(update)
    this.pts = pts
  }

  #show(update: Update): void {
    switch (update._) {
      case 'updateNewChannelMessage':
        return this.#put(update.message)
      case 'updateEditChannelMessage':
        if ('id' in update.message && this.messages.has(update.message.id)) this.#put(update.message)
        return
      case 'updateDeleteChannelMessages':
        for (const id of update.messages) this.messages.delete(id)
    }
  }

  #put(message: TlType<'Message'>): void {
    const shown = shownOf(message)
    if (shown !== undefined) this.messages.set(shown.id, shown)
  }
}

/** The channel that a counted update is about; undefined for updates of the mailbox, and those that are not counted. */
export function channelOf(update: Update): number | undefined {
  switch (update._) {
    case 'updateNewChannelMessage':
    case 'updateEditChannelMessage':
      return 'peerId' in update.message && update.message.peerId?._ === 'peerChannel'
        ? update.message.peerId.channelId
        : undefined
    case 'updateDeleteChannelMessages':
    case 'updatePinnedChannelMessages':
      return update.channelId
  }
}

/** The message that an update brings into a channel or changes there. */
export function messageIn(update: Update): Shown | undefined {
  const isMessage = update._ === 'updateNewChannelMessage' || update._ === 'updateEditChannelMessage'
  return isMessage ? shownOf(update.message) : undefined
}

const countOf = (update: Update): { pts: number; ptsCount: number } =>
  'pts' in update && 'ptsCount' in update
    ? { pts: update.pts as number, ptsCount: update.ptsCount as number }
    : { pts: 0, ptsCount: 0 }
