import {
  accountDecider,
  mediaDecider,
  messageDecider,
  notificationFold,
  type ReplayPart,
  replayParts,
} from '@heliograph/actors'
import type { RecordCodec } from '@heliograph/schemas/avro'
import type { Tables } from '@heliograph/storage'
import { type Log, type Offset, partitionOf } from '@heliograph/topics'
import { originOf } from './origin.ts'
import type { EndOf } from './repair.ts'

/** Parts that are replayed side by side. */
const MAX_PARALLEL = 8

export interface Progress {
  /** Records that have been replayed, and that there were when it began. */
  readonly done: number
  readonly total: number
}

/** Tables that are being rebuilt from the topics of record, and how far that is. */
export class Rebuild {
  readonly #log: Log
  readonly #parts: readonly ReplayPart[]

  private constructor(log: Log, parts: readonly ReplayPart[]) {
    this.#log = log
    this.#parts = parts
  }

  /** Goes on with what `tables` hold of an earlier, unfinished replay. */
  static async open(ports: { log: Log; codec: RecordCodec; tables: Tables }): Promise<Rebuild> {
    const deciders = [accountDecider, messageDecider, mediaDecider]
    return new Rebuild(ports.log, await replayParts({ ...ports, deciders, folds: [notificationFold] }))
  }

  /** Replays all that the topics hold at this moment. Resolves to the number of records that were replayed. */
  async catchUp(onProgress: (progress: Progress) => void = () => {}): Promise<number> {
    const { log, parts } = { log: this.#log, parts: this.#parts }
    const ends = await Promise.all(parts.map(({ topic, partition }) => log.end(topic, partition)))
    const from = this.#position()
    const total = ends.reduce<number>((sum, end) => sum + end, 0) - from
    const tell = () => onProgress({ done: this.#position() - from, total })
    const ticker = setInterval(tell, PROGRESS_MS)
    const waiting = parts.map((part, i) => ({ part, end: ends[i] as Offset }))
    try {
      await Promise.all(Array.from({ length: MAX_PARALLEL }, () => work(waiting)))
    } finally {
      clearInterval(ticker)
    }
    tell()
    return this.#position() - from
  }

  /** Offset behind what a row of these tables is made of. */
  readonly endOf: EndOf = (table, rowKey) => {
    const { topic, key } = originOf(table, rowKey)
    const partition = partitionOf(key, this.#log.partitions(topic))
    return this.#parts.find((part) => part.topic === topic && part.partition === partition)?.position ?? 0
  }

  #position(): number {
    return this.#parts.reduce((sum, { position }) => sum + position, 0)
  }
}

const PROGRESS_MS = 200

async function work(waiting: { readonly part: ReplayPart; readonly end: Offset }[]): Promise<void> {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    await next.part.advance(next.end)
  }
}
