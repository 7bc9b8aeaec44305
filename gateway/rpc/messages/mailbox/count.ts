import { entries, type Mailbox } from './history.ts'

/** Chats up to this many messages are counted exactly; of longer ones, the part above is taken as not deleted. */
export const MAX_COUNTED = 1000

/**
 * Number of messages of a chat that are not deleted. The newest `MAX_COUNTED` are counted, the older ones estimated by
 * their seqs, so `exact` is false for long chats.
 */
export async function countLive(
  mailbox: Mailbox,
  topSeq: number,
): Promise<{ count: number; exact: boolean }> {
  if (topSeq === 0) return { count: 0, exact: true }
  const newest = await entries(mailbox, { from: 1, to: topSeq, descending: true }, MAX_COUNTED)
  const live = newest.reduce((sum, entry) => sum + (entry.deleted ? 0 : 1), 0)
  const older = newest.length < MAX_COUNTED ? 0 : newest[newest.length - 1]!.seq - 1
  return { count: live + older, exact: older === 0 }
}
