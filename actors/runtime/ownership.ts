import type { OwnerAnnounced } from '@heliograph/schemas/avro'
import { type LogRecord, type Offset, OffsetMismatch, type TopicName } from '@heliograph/topics'
import { Epochs } from './epochs.ts'
import { openRecords } from './opened-record.ts'
import { readRange } from './partition-reader.ts'
import { DEFAULT_LIMITS, type LoopLimits, type Ports } from './ports.ts'

/** Rounds of an announcement race before giving up the partition. */
const MAX_ANNOUNCEMENTS = 16

/** Expected: somebody else has written into a partition. Whoever gets this stops before any consequence. */
export class Superseded extends Error {
  /** Whether it was another owner's claim; otherwise one that was superseded before has left records in the way. */
  readonly byRival: boolean

  constructor(topic: TopicName, partition: number, byRival: boolean) {
    super(`${topic}/${partition} ${byRival ? 'has another owner' : 'got records of a former owner'}`)
    this.byRival = byRival
  }
}

/** The right to append to an events partition, until a newer owner announces itself there. */
export class Ownership {
  readonly epoch: number
  readonly topic: TopicName
  readonly partition: number
  readonly #ports: Ports
  #next: number

  constructor(ports: Ports, topic: TopicName, partition: number, epoch: number, next: number) {
    this.#ports = ports
    this.topic = topic
    this.partition = partition
    this.epoch = epoch
    this.#next = next
  }

  /** Offset that the next append must get. */
  get next(): number {
    return this.#next
  }

  /**
   * Appends events at `next`; rejects with `Superseded` where anybody else has appended since. A log that can only tell
   * afterwards has the events by then: they count if no newer owner's announcement stands before them, and whoever takes over
   * next (this process again, it may be) finds them and does what follows from them.
   */
  async append(records: readonly LogRecord[]): Promise<void> {
    const expected = this.#next as Offset
    let at: Offset
    try {
      at = await this.#ports.log.append(this.topic, this.partition, records, expected)
    } catch (error) {
      throw error instanceof OffsetMismatch ? await this.#superseded() : error
    }
    if (at !== expected) throw await this.#superseded()
    this.#next += records.length
  }

  /** Rejects with `Superseded` unless nobody else has appended up to now: for answers that rest on no new event. */
  async confirm(): Promise<void> {
    const end = await this.#ports.log.end(this.topic, this.partition)
    if (end !== this.#next) throw await this.#superseded()
  }

  /** By whom: an announcement with a higher epoch is a rival's. */
  async #superseded(): Promise<Superseded> {
    const { topic, partition } = this
    const epochs = new Epochs(this.epoch)
    const end = await this.#ports.log.end(topic, partition)
    await observe(this.#ports, topic, partition, this.#next, end, epochs, DEFAULT_LIMITS)
    return new Superseded(topic, partition, epochs.current > this.epoch)
  }
}

/**
 * Takes over an events partition: appends an announcement with an epoch above every one that stands before it.
 * @param from where to look for announcements from, and the epoch in force there
 */
export async function announce(
  ports: Ports,
  topic: TopicName,
  partition: number,
  from: { readonly offset: number; readonly epoch: number },
  limits: LoopLimits,
): Promise<Ownership> {
  const epochs = new Epochs(from.epoch)
  let seen = from.offset
  for (let round = 0; round < MAX_ANNOUNCEMENTS; round++) {
    const end = await ports.log.end(topic, partition)
    await observe(ports, topic, partition, seen, end, epochs, limits)
    seen = end
    const epoch = epochs.current + 1
    const at = await appendAnnouncement(ports, topic, partition, epoch, end)
    if (at === undefined) continue
    // A broker that cannot check the offset may have put it behind others' records, which then come first.
    await observe(ports, topic, partition, seen, at, epochs, limits)
    seen = at
    if (epochs.current < epoch) return new Ownership(ports, topic, partition, epoch, at + 1)
  }
  throw new Superseded(topic, partition, true)
}

async function appendAnnouncement(
  { codec, log, now, owner }: Ports,
  topic: TopicName,
  partition: number,
  epoch: number,
  expected: Offset,
): Promise<Offset | undefined> {
  const announcement: OwnerAnnounced = { type: 'OwnerAnnounced', owner, epoch }
  const value = codec.encode({ cause: null, epoch, reply: null }, announcement)
  try {
    return await log.append(topic, partition, [{ key: owner, value, timestampMs: now() }], expected)
  } catch (error) {
    if (error instanceof OffsetMismatch) return undefined
    throw error
  }
}

async function observe(
  { codec, log }: Ports,
  topic: TopicName,
  partition: number,
  from: number,
  to: number,
  epochs: Epochs,
  limits: LoopLimits,
): Promise<void> {
  for await (const records of readRange(log, topic, partition, from, to, limits)) {
    for (const { header, record } of await openRecords(codec, records)) {
      if (header !== undefined && record !== undefined) epochs.accept(header, record)
    }
  }
}
