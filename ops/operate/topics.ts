import {
  accountDecider,
  deciderPositions,
  foldPosition,
  mediaDecider,
  messageDecider,
  notificationFold,
  type SavedPosition,
} from '@heliograph/actors'
import type { Tables } from '@heliograph/storage'
import { type Log, topicDefinitions } from '@heliograph/topics'
import { Command } from 'commander'
import { JSON_FIELD, jsonOf, onStores } from './open.ts'
import { tableOf } from './table.ts'

/** What a partition holds: records from `start` to before `end`, or some less where a broker has marks of its own. */
export interface PartitionPlace {
  readonly topic: string
  readonly partition: number
  readonly start: number
  readonly end: number
  readonly records: number
}
/** How far a group is in a partition. */
export interface GroupPlace extends Omit<SavedPosition, 'next'> {
  /** Where it goes on after a restart, as its checkpoint says. */
  readonly position: number | undefined
  /** As last told to the broker: a hint for lag, which counts for nothing else. */
  readonly committed: number | undefined
  readonly end: number
  /** Records that it has before it. */
  readonly lag: number
}

/** Every partition of every topic. */
export async function partitionPlaces(log: Log): Promise<PartitionPlace[]> {
  const places: PartitionPlace[] = []
  for (const { name: topic } of topicDefinitions(1)) {
    for (let partition = 0; partition < log.partitions(topic); partition++) {
      const [start, end] = await Promise.all([log.start(topic, partition), log.end(topic, partition)])
      places.push({ topic, partition, start, end, records: end - start })
    }
  }
  return places
}

/** Every group in every partition that it reads. */
export async function groupPlaces(log: Log, tables: Tables): Promise<GroupPlace[]> {
  const saved: SavedPosition[] = []
  for (const decider of [accountDecider, messageDecider, mediaDecider]) {
    for (let partition = 0; partition < log.partitions(decider.commands); partition++)
      saved.push(...(await deciderPositions(tables, decider, partition)))
  }
  for (let partition = 0; partition < log.partitions(notificationFold.topic); partition++)
    saved.push(await foldPosition(tables, notificationFold, partition))
  return Promise.all(saved.map((position) => placeOf(log, position)))
}

async function placeOf(log: Log, { group, topic, partition, next }: SavedPosition): Promise<GroupPlace> {
  const [start, end, committed] = await Promise.all([
    log.start(topic, partition),
    log.end(topic, partition),
    log.committed(group, topic, partition),
  ])
  const lag = Math.max(0, end - Math.max(start, next ?? start, committed ?? start))
  return { group, topic, partition, position: next, committed, end, lag }
}

/** `heliograph topics`: what the topics hold, and how far the actors are. */
export function topicsCommand(): Command {
  const command = new Command('topics').description(
    'list topics and partitions, and how far each group of actors is in them',
  )
  return onStores(command, JSON_FIELD, async ({ log, tables }, { json }) => {
    const [partitions, groups] = await Promise.all([partitionPlaces(log), groupPlaces(log, tables)])
    console.log(json ? jsonOf({ partitions, groups }) : tablesOf(partitions, groups))
  })
}

function tablesOf(partitions: readonly PartitionPlace[], groups: readonly GroupPlace[]): string {
  const topics = tableOf('topic', 'partition', 'start', 'end', 'records')
  for (const { topic, partition, start, end, records } of partitions)
    topics.push([topic, partition, start, end, records])
  const positions = tableOf('group', 'topic', 'partition', 'position', 'committed', 'end', 'lag')
  for (const { group, topic, partition, position, committed, end, lag } of groups)
    positions.push([group, topic, partition, position ?? '–', committed ?? '–', end, lag])
  return `${topics}\n${positions}`
}
