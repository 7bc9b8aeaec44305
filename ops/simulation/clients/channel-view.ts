import type { TlType } from '@heliograph/schemas/tl'
import { CountedView, type Shown, shownOf } from './counted-view.ts'

type Update = TlType<'Update'>

/** The pts of a channel in which nothing has happened. */
const FIRST_PTS = 1

/** What a client shows of one channel, brought up to date by updates that the channel's own pts counts. */
export class ChannelView extends CountedView {
  constructor() {
    super(FIRST_PTS)
  }

  /** A counted update is new, or known; false where something before it is missing. What repeats an answer counts nothing. */
  take(update: Update): boolean {
    const { pts, ptsCount } = countOf(update)
    return ptsCount === 0 || this.count(pts, ptsCount, () => this.show(update))
  }

  protected override show(update: Update): void {
    switch (update._) {
      case 'updateNewChannelMessage':
        return this.put(update.message)
      case 'updateEditChannelMessage':
        return this.putEdited(update.message)
      case 'updateDeleteChannelMessages':
        return this.remove(update.messages)
    }
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
