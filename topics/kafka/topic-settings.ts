import type { TopicDefinition } from '../topic.ts'
import type { NewTopic, TopicShape } from './client.ts'
import { DEFAULT_MAX_REPLICAS, MS_PER_DAY } from './limits.ts'

const FOR_EVER = '-1'

/**
 * Copies of a topic that is made where none are asked for. A broker that is named and away counts: the topic would have too few
 * copies for ever.
 */
export function defaultCopies(brokers: number, named: readonly string[]): number {
  return Math.min(DEFAULT_MAX_REPLICAS, Math.max(brokers, new Set(named).size))
}

/** How a topic with so many copies is created. */
export function newTopic(
  topic: string,
  { partitions, retention }: TopicDefinition,
  replicas: number,
): NewTopic {
  const settings = {
    'cleanup.policy': 'delete',
    // The broker keeps batches as they were packed by who appended them.
    'compression.type': 'producer',
    'message.timestamp.type': 'CreateTime',
    'min.insync.replicas': replicas > 2 ? '2' : '1',
    'retention.bytes': FOR_EVER,
    'retention.ms': retention === 'forever' ? FOR_EVER : String(retention.days * MS_PER_DAY),
    'unclean.leader.election.enable': 'false',
  }
  return { topic, partitions, replicas, settings }
}

/** What an operator should know of topics that have fewer copies than wanted; undefined where there is nothing. */
export function fewCopies(topics: ReadonlyMap<string, TopicShape>, wanted: number): string | undefined {
  const few = [...topics].filter(([, { copies }]) => copies < wanted)
  if (few.length === 0) return undefined
  const named = few.map(([name, { copies }]) => `${name} (${copies})`).join(', ')
  return `topics with copies on fewer than ${wanted} brokers: ${named}: see "Clusters" in docs/operating.md`
}
