import { parkedActors, type Tables } from '@heliograph/storage'
import type { GroupHandler, Log, Offset, TopicName } from '@heliograph/topics'
import type { Read } from '../registry/reading.ts'

interface Owned {
  readonly group: string
  readonly topic: TopicName
  readonly partition: number
  /** As last committed by this process; undefined before the first time. */
  next: Offset | undefined
}

/** Values that a store has to be asked for are told again for this long. */
export const FRESH_MS = 5_000
/** A store that does not answer within this leaves a gap in the metrics. */
export const READ_TIMEOUT_MS = 2_000
/** More parked actors of one partition are counted as this many. */
export const MAX_COUNTED_PARKED = 1_000

/** Which partitions this process owns, as its groups tell; how far behind it is, and what is parked there. */
export class OwnedPartitions {
  readonly #owned = new Map<string, Owned>()
  /** Groups that this process has asked to join, and whether it is in. */
  readonly #groups = new Map<string, boolean>()

  /** Listens to what a group tells its member. */
  follow(group: string, topics: readonly TopicName[], handler: GroupHandler): GroupHandler {
    if (topics.length > 0) this.#groups.set(group, this.#groups.get(group) ?? false)
    return {
      assigned: (topic, partition) => {
        this.#owned.set(idOf(group, topic, partition), { group, topic, partition, next: undefined })
        handler.assigned(topic, partition)
      },
      revoked: (topic, partition) => {
        this.#owned.delete(idOf(group, topic, partition))
        return handler.revoked(topic, partition)
      },
    }
  }

  joined(group: string): void {
    this.#groups.set(group, true)
  }

  /** Groups that have not taken this process in yet. */
  get waitingFor(): readonly string[] {
    return [...this.#groups].filter(([, isIn]) => !isIn).map(([group]) => group)
  }

  committed(group: string, topic: TopicName, partition: number, next: Offset): void {
    const owned = this.#owned.get(idOf(group, topic, partition))
    if (owned !== undefined) owned.next = next
  }

  /** Records between what was committed and the end, by group, topic and partition. */
  lag(log: Log): () => Promise<readonly Read[]> {
    return kept(() =>
      this.#read(async ({ group, topic, partition, next }) => {
        const from =
          next ?? (await log.committed(group, topic, partition)) ?? (await log.start(topic, partition))
        const value = Math.max(0, (await log.end(topic, partition)) - from)
        return { labels: [group, topic, String(partition)], value }
      }),
    )
  }

  /** Parked actors of the owned partitions, by group and topic. */
  parked(tables: Tables): () => Promise<readonly Read[]> {
    const count = async ({ group, topic, partition }: Owned) => {
      const rows = await tables.range(
        parkedActors,
        { group, topic, partition },
        { limit: MAX_COUNTED_PARKED },
      )
      return { labels: [group, topic], value: rows.length }
    }
    return kept(async () => added(await this.#read(count)))
  }

  /** What can be told of the owned partitions; those whose store does not answer are left out. */
  async #read(one: (owned: Owned) => Promise<Read>): Promise<Read[]> {
    const reads = await Promise.all([...this.#owned.values()].map((owned) => inTime(one(owned))))
    return reads.filter((read) => read !== undefined)
  }
}

const idOf = (group: string, topic: TopicName, partition: number): string => `${group}/${topic}/${partition}`

function added(reads: readonly Read[]): Read[] {
  const sums = new Map<string, Read>()
  for (const { labels, value } of reads) {
    const id = labels.join('/')
    sums.set(id, { labels, value: value + (sums.get(id)?.value ?? 0) })
  }
  return [...sums.values()]
}

/** However often somebody looks, the stores are asked only now and then. */
function kept(read: () => Promise<readonly Read[]>): () => Promise<readonly Read[]> {
  let last: Promise<readonly Read[]> | undefined
  let staleAt = 0
  return () => {
    const now = performance.now()
    if (last === undefined || now >= staleAt) {
      staleAt = now + FRESH_MS
      last = read()
    }
    return last
  }
}

function inTime<T>(reading: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), READ_TIMEOUT_MS)
    const settle = (value: T | undefined) => {
      clearTimeout(timer)
      resolve(value)
    }
    reading.then(settle, () => settle(undefined))
  })
}
