import { setTimeout as wait } from 'node:timers/promises'
import { LogUnavailable, type Offset } from '../../log.ts'
import type { Place, Reading, RecordSink } from '../client.ts'
import { Backoff } from '../retry.ts'
import { BrokerFetcher } from './broker-fetcher.ts'
import type { Cluster } from './cluster.ts'
import { Reader } from './reader.ts'

export type FindOffset = (place: Place, which: 'start' | 'end') => Promise<Offset>

/** Before a broker that failed is asked again. */
const DISPLACED_WAIT_MS = 100

/** All readings of a process, each at the broker that leads its partition, wherever that moves. */
export class Fetcher {
  readonly #cluster: Cluster
  readonly #offset: FindOffset
  readonly #brokers = new Map<number, BrokerFetcher>()

  constructor(cluster: Cluster, offset: FindOffset) {
    this.#cluster = cluster
    this.#offset = offset
  }

  /** As `KafkaClient.read`. */
  read(place: Place, from: Offset, sink: RecordSink): Reading {
    const reader = new Reader(place, from, sink, (resumed) => this.#place(resumed))
    this.#place(reader)
    return reader
  }

  #place(reader: Reader): void {
    const leader = this.#cluster.knownLeader(reader.place)
    if (leader === undefined) void this.#replace([reader])
    else this.#broker(leader).add(reader)
  }

  /** Looks for the leaders again and again until they are there. */
  async #replace(readers: readonly Reader[]): Promise<void> {
    const backoff = new Backoff()
    for (const reader of readers) {
      try {
        while (!reader.closed && !this.#cluster.closed && !(await this.#settle(reader))) await backoff.pause()
      } catch (error) {
        reader.fail(error as Error)
      }
    }
  }

  async #settle(reader: Reader): Promise<boolean> {
    try {
      const leader = await this.#cluster.leader(reader.place)
      this.#broker(leader).add(reader)
      return true
    } catch (error) {
      if (error instanceof LogUnavailable) return false
      throw error
    }
  }

  async #displaced(readers: readonly Reader[], error: Error): Promise<void> {
    if (this.#cluster.closed) return
    if (!(error instanceof LogUnavailable)) {
      for (const reader of readers) reader.fail(error)
      return
    }
    for (const { place } of readers) this.#cluster.forget(place.topic)
    await wait(DISPLACED_WAIT_MS, undefined, { ref: false })
    await this.#replace(readers)
  }

  /** A place that retention has passed goes on at the first record there is; one beyond the end waits there. */
  async #outOfRange(reader: Reader): Promise<void> {
    try {
      const start = await this.#offset(reader.place, 'start')
      if (reader.position < start) {
        reader.position = start
        reader.from = start
      } else {
        reader.from = Math.min(reader.position, await this.#offset(reader.place, 'end'))
      }
      this.#place(reader)
    } catch (error) {
      await this.#displaced([reader], error as Error)
    }
  }

  #broker(node: number): BrokerFetcher {
    let broker = this.#brokers.get(node)
    if (broker === undefined) {
      broker = new BrokerFetcher(
        this.#cluster,
        node,
        (readers, error) => void this.#displaced(readers, error),
        (reader) => void this.#outOfRange(reader),
      )
      this.#brokers.set(node, broker)
    }
    return broker
  }
}
