import type { DeadLetter } from '@heliograph/schemas/avro'
import type { Mutation } from '@heliograph/storage'
import { type LogRecord, partitionOf, type StoredRecord, type TopicName } from '@heliograph/topics'
import { Parking, parkingTime, reasonOf } from './parking.ts'
import type { Assignment, Ports } from './ports.ts'

export const PARKED_BEFORE = 'parked before'

interface Letter {
  readonly topic: TopicName
  readonly stored: StoredRecord
  readonly reason: string
}

/**
 * Sets records aside: the poison one that parks its actor, and what comes for that actor later. They are stored before the
 * events of the same batch, so that no record is passed over; a crash in between, or a store that fails, stores one twice
 * (with the same origin), and the record is handled again: if it is no poison then, its actor is parked all the same.
 */
export class DeadLetters {
  readonly #ports: Ports
  readonly #at: Assignment
  readonly #parking: Parking
  #letters: Letter[] = []
  #parked: { mutation: Mutation; offset: number }[] = []

  constructor(ports: Ports, at: Assignment, parking: Parking) {
    this.#ports = ports
    this.#at = at
    this.#parking = parking
  }

  static async load(ports: Ports, at: Assignment): Promise<DeadLetters> {
    return new DeadLetters(ports, at, await Parking.load(ports.tables, at))
  }

  /** Sets a record of a parked actor aside; false where its actor is not parked. */
  takesLater(stored: StoredRecord): boolean {
    if (!this.#parking.holds(stored.key, stored.offset)) return false
    this.#letters.push({ topic: this.#at.topic, stored, reason: PARKED_BEFORE })
    return true
  }

  /** Parks the actor of a record that could not be handled. */
  park(stored: StoredRecord, error: unknown): void {
    this.parkFrom(this.#at.topic, stored, stored.offset, error)
  }

  /** The same for a record of another topic: its actor's records of this topic are set aside from `offset` on. */
  parkFrom(topic: TopicName, stored: StoredRecord, offset: number, error: unknown): void {
    const reason = reasonOf(error)
    const { key } = stored
    this.#letters.push({ topic, stored, reason })
    this.#parked.push({ mutation: this.#parking.park(key, offset, reason), offset })
    this.#ports.observer?.parked?.({ ...this.#at, key, offset, reason })
  }

  /**
   * Lets the actor of a record without a value go on. Everything before that record must be handled and saved: who starts
   * before it would not find the actor parked any more.
   */
  async release({ key, offset }: StoredRecord): Promise<void> {
    const mutation = this.#parking.release(key)
    if (mutation === undefined) return
    await this.#ports.tables.apply([mutation], parkingTime(offset))
    this.#ports.observer?.released?.({ ...this.#at, key })
  }

  get pending(): boolean {
    return this.#letters.length > 0
  }

  /** Stores what was set aside since the last time. */
  async flush(): Promise<void> {
    const { log, tables } = this.#ports
    const [letters, parked] = [this.#letters, this.#parked]
    this.#letters = []
    this.#parked = []
    for (const letter of letters) {
      const partition = partitionOf(letter.stored.key, log.partitions('dead-letters'))
      await log.append('dead-letters', partition, [this.#encode(letter)])
    }
    for (const { mutation, offset } of parked) await tables.apply([mutation], parkingTime(offset))
  }

  #encode({ topic, stored, reason }: Letter): LogRecord {
    const { group, partition } = this.#at
    const { key, offset, value } = stored
    const record: DeadLetter = { type: 'DeadLetter', group, topic, partition, offset, key, reason, value }
    const cause = { topic, partition, offset, index: 0 }
    const { codec, now } = this.#ports
    return { key, value: codec.encode({ cause, epoch: 0, reply: null }, record), timestampMs: now() }
  }
}
