import type { Log, Offset } from '../log.ts'
import type { TopicName } from '../topic.ts'

/** What a partition holds, and how far a group is with it. */
export interface PartitionLag {
  readonly topic: TopicName
  readonly partition: number
  readonly start: Offset
  readonly end: Offset
  /** As last committed; undefined where the group has committed nothing. */
  readonly committed: Offset | undefined
  /** Records that the group has before it: from where it would go on, or from the start of what is retained. */
  readonly lag: number
}

/** The partitions of topics, in order, with the lag of one group. Rejects with `LogUnavailable`. */
export async function lagOf(log: Log, group: string, topics: readonly TopicName[]): Promise<PartitionLag[]> {
  const places = topics.flatMap((topic) =>
    Array.from({ length: log.partitions(topic) }, (_, partition) => ({ topic, partition })),
  )
  return Promise.all(
    places.map(async ({ topic, partition }) => {
      const [start, end, committed] = await Promise.all([
        log.start(topic, partition),
        log.end(topic, partition),
        log.committed(group, topic, partition),
      ])
      const lag = end - Math.max(start, Math.min(committed ?? start, end))
      return { topic, partition, start, end, committed, lag }
    }),
  )
}
