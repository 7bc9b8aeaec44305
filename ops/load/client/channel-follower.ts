import { encodeCall } from '@heliograph/schemas/tl'
import { LOAD_LAYER } from '../../bench/load/user.ts'
import type { Mailbox, MailboxMessage } from '../verify/mailbox.ts'
import { failureOf } from './answer.ts'
import { readChannelDifference } from './read-updates.ts'

const LIMIT = 100

/** A channel as one client names it. */
export interface FollowedChannel {
  readonly channelId: number
  readonly accessHash: bigint
}

/**
 * Keeps one client in step with one channel, which counts its updates as a mailbox does: the difference is taken where something
 * has been missing for a while.
 */
export class ChannelFollower {
  private readonly channel: FollowedChannel
  private readonly place: Mailbox
  private readonly request: (body: Buffer) => Promise<Buffer>
  private isCatchingUp = false

  /** `place` counts the channel's pts, from the first update that is seen. */
  constructor(channel: FollowedChannel, place: Mailbox, request: (body: Buffer) => Promise<Buffer>) {
    this.channel = channel
    this.place = place
    this.request = request
  }

  moved(pts: number, ptsCount: number, message: MailboxMessage | undefined): void {
    if (this.place.pts === 0) this.place.pts = pts - ptsCount
    this.place.take(pts, ptsCount, message, performance.now(), this.isCatchingUp)
  }

  /** Asks for the difference where something has been missing since before `sinceMs`; true where it does. */
  sweep(sinceMs: number): boolean {
    const { gapSinceMs } = this.place
    if (gapSinceMs === undefined || gapSinceMs > sinceMs || this.isCatchingUp) return false
    this.isCatchingUp = true
    this.catchUp()
      // The connection has been lost: the gap is still there at the next sweep.
      .catch(() => {})
      .finally(() => {
        this.isCatchingUp = false
        this.place.resume(performance.now())
      })
    return true
  }

  private async catchUp(): Promise<void> {
    for (;;) {
      const call = {
        _: 'updates.getChannelDifference',
        channel: { _: 'inputChannel', ...this.channel },
        filter: { _: 'channelMessagesFilterEmpty' },
        pts: this.place.pts,
        limit: LIMIT,
      }
      const result = await this.request(encodeCall(call as never, LOAD_LAYER))
      const read = failureOf(result) === undefined ? readChannelDifference(result) : undefined
      if (read === undefined) return
      this.place.difference(read.part)
      if (read.isLast) return
    }
  }
}
