import { liveEntries } from '../mailbox/history.ts'
import type { ChannelMailbox } from '../mailbox/open.ts'

/** Unread messages of a channel are counted one by one up to this; of more, deleted ones count as well. */
export const MAX_COUNTED_UNREAD = 200

/** Messages of others that the user has not read: everything after its mark and after what it sent last itself. */
export async function unreadIn(channel: ChannelMailbox, topSeq: number): Promise<number> {
  const { readSeq, floorSeq, member } = channel
  const above = Math.max(readSeq, floorSeq)
  if (member?.isIn !== true || topSeq <= above) return 0
  const range = { from: above + 1, to: topSeq, descending: true }
  const unread = await liveEntries(channel, range, 0, MAX_COUNTED_UNREAD)
  const own = unread.findIndex(({ out }) => out)
  if (own >= 0) return own
  return unread.length < MAX_COUNTED_UNREAD ? unread.length : topSeq - above
}
