import { CATCH_UP_WAIT_MS, MAX_FETCH_BYTES, MAX_FETCH_PARTITION_BYTES, TAIL_WAIT_MS } from '../limits.ts'
import { type Fetched, type FetchTopic, fetchRecords } from '../wire/fetch.ts'
import { decodeBatches } from '../wire/record-batch.ts'
import type { Cluster, TopicPlace } from './cluster.ts'
import { Code, failure } from './errors.ts'
import type { Reader } from './reader.ts'

/** Gets readers back that this broker cannot serve now, with the reason. */
export type Displaced = (readers: readonly Reader[], error: Error) => void
/** Gets a reader whose place is not within the log. */
export type OutOfRange = (reader: Reader) => void

/** Readers of each partition, by the topic's id and the partition. */
type Partitions = Map<string, Map<number, Reader[]>>

/**
 * Reads from one broker for all readers at once. Those that have caught up share one long-waiting fetch, which ends as soon
 * as any of their partitions has a record. Those that were just opened or resumed must not wait for it to end: they are
 * served over a second connection until the long fetch takes them in at its next round.
 */
export class BrokerFetcher {
  readonly #cluster: Cluster
  readonly #node: number
  readonly #displaced: Displaced
  readonly #outOfRange: OutOfRange
  readonly #catchUp = new Set<Reader>()
  readonly #tail = new Set<Reader>()
  #catchingUp = false
  #tailing = false

  constructor(cluster: Cluster, node: number, displaced: Displaced, outOfRange: OutOfRange) {
    this.#cluster = cluster
    this.#node = node
    this.#displaced = displaced
    this.#outOfRange = outOfRange
  }

  /** Takes a reader in, or one back that was paused. */
  add(reader: Reader): void {
    this.#catchUp.add(reader)
    if (this.#catchingUp) return
    this.#catchingUp = true
    queueMicrotask(() => void this.#runCatchUp())
  }

  async #runCatchUp(): Promise<void> {
    while (this.#prune(this.#catchUp) > 0) {
      const idle = [...this.#catchUp].every((reader) => reader.caughtUp)
      await this.#round('catch-up', this.#catchUp, idle ? CATCH_UP_WAIT_MS : 0)
      this.#startTail()
    }
    this.#catchingUp = false
  }

  #startTail(): void {
    if (this.#tailing || !this.#adopt()) return
    this.#tailing = true
    void this.#runTail()
  }

  async #runTail(): Promise<void> {
    do {
      this.#adopt()
      if (this.#prune(this.#tail) === 0) break
      await this.#round('tail', this.#tail, TAIL_WAIT_MS)
    } while (!this.#cluster.closed)
    this.#tailing = false
  }

  /** Moves those that have caught up to the long fetch. */
  #adopt(): boolean {
    let adopted = false
    for (const reader of this.#catchUp) {
      if (!reader.caughtUp || !reader.wantsMore) continue
      this.#catchUp.delete(reader)
      this.#tail.add(reader)
      adopted = true
    }
    return adopted
  }

  /** Drops those that want nothing for now; they come back by `add`. */
  #prune(readers: Set<Reader>): number {
    for (const reader of readers) if (!reader.wantsMore) readers.delete(reader)
    return readers.size
  }

  async #round(purpose: 'tail' | 'catch-up', readers: Set<Reader>, maxWaitMs: number): Promise<void> {
    const { partitions, topics } = this.#request(readers)
    const limits = { maxWaitMs, maxBytes: MAX_FETCH_BYTES, maxPartitionBytes: MAX_FETCH_PARTITION_BYTES }
    try {
      const answer = await this.#cluster.link(this.#node, purpose).call(fetchRecords, limits, topics)
      if (answer.error !== Code.none) throw failure('fetch', answer.error)
      for (const fetched of answer.partitions) this.#deliver(partitions, fetched)
    } catch (error) {
      const all = [...readers]
      readers.clear()
      this.#displaced(all, error as Error)
    }
  }

  #request(readers: Iterable<Reader>): { partitions: Partitions; topics: FetchTopic[] } {
    const partitions: Partitions = new Map()
    const places = new Map<string, TopicPlace>()
    for (const reader of readers) {
      const place = this.#cluster.topic(reader.place.topic)!
      places.set(place.idHex, place)
      const ofTopic = partitions.get(place.idHex) ?? new Map<number, Reader[]>()
      partitions.set(place.idHex, ofTopic)
      const ofPartition = ofTopic.get(reader.place.partition)
      if (ofPartition === undefined) ofTopic.set(reader.place.partition, [reader])
      else ofPartition.push(reader)
    }
    const topics = [...partitions].map(([id, ofTopic]) => ({
      id: places.get(id)!.id,
      partitions: [...ofTopic].map(([partition, those]) => ({ partition, from: lowest(those) })),
    }))
    return { partitions, topics }
  }

  #deliver(partitions: Partitions, { topicId, partition, error, records }: Fetched): void {
    const readers = partitions.get(topicId)?.get(partition)
    if (readers === undefined) return
    if (error === Code.none) {
      const decoded = records.length === 0 ? [] : decodeBatches(records, lowest(readers))
      for (const reader of readers) reader.receive(decoded)
      return
    }
    for (const reader of readers) {
      this.#catchUp.delete(reader)
      this.#tail.delete(reader)
    }
    if (error === Code.offsetOutOfRange) for (const reader of readers) this.#outOfRange(reader)
    else this.#displaced(readers, failure(`fetch of partition ${partition}`, error))
  }
}

function lowest(readers: readonly Reader[]): number {
  let from = Number.POSITIVE_INFINITY
  for (const reader of readers) if (reader.from < from) from = reader.from
  return from
}
