import { chatIdOf, GENERAL_TOPIC } from '@heliograph/schemas/avro'
import type { Services } from '../../services.ts'
import { threadReads } from '../../threads/reads.ts'
import { type HistoryEntry, liveEntries } from '../mailbox/history.ts'
import type { ChannelMailbox } from '../mailbox/open.ts'

/** Unread messages of a channel are counted one by one up to this; of more, deleted ones count as well. */
export const MAX_COUNTED_UNREAD = 200

/**
 * Messages of others that the user has not read: everything after its mark and after what it sent last itself; in a forum what it
 * has not read in their topics either.
 */
export async function unreadIn(
  services: Pick<Services, 'tables' | 'keyring'>,
  channel: ChannelMailbox,
  topSeq: number,
): Promise<number> {
  const { readSeq, floorSeq, member, facts } = channel
  const above = Math.max(readSeq, floorSeq)
  if (member?.isIn !== true || topSeq <= above) return 0
  const range = { from: above + 1, to: topSeq, descending: true }
  const unread = await liveEntries(channel, range, 0, MAX_COUNTED_UNREAD)
  if (facts.flags.has('forum')) return unreadInTopics(services, channel, unread)
  const own = unread.findIndex(({ out }) => out)
  if (own >= 0) return own
  return unread.length < MAX_COUNTED_UNREAD ? unread.length : topSeq - above
}

async function unreadInTopics(
  services: Pick<Services, 'tables' | 'keyring'>,
  { userId, peerId }: ChannelMailbox,
  entries: readonly HistoryEntry[],
): Promise<number> {
  const topicOf = ({ row }: HistoryEntry) => row?.threadSeq ?? GENERAL_TOPIC
  const topics = [...new Set(entries.map(topicOf))]
  const reads = await threadReads(services, userId, chatIdOf(userId, peerId), topics)
  const readTo = new Map(topics.map((topic, i) => [topic, reads[i] ?? 0]))
  return entries.filter((entry) => !entry.out && entry.seq > readTo.get(topicOf(entry))!).length
}
