import type { TopicDefinition } from '../topic.ts'
import type { NewTopic } from './client.ts'
import { DEFAULT_MAX_REPLICAS, MS_PER_DAY } from './limits.ts'

const FOR_EVER = '-1'

/** How a topic is created on a cluster of so many brokers. */
export function newTopic(
  topic: string,
  { partitions, retention }: TopicDefinition,
  brokers: number,
  wanted: number | undefined,
): NewTopic {
  const replicas = wanted ?? Math.min(DEFAULT_MAX_REPLICAS, brokers)
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
