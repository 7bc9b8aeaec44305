import { type Mutation, parkedActors, type Tables } from '@heliograph/storage'
import type { LogRecord } from '@heliograph/topics'
import type { Assignment } from './ports.ts'

/** Parked actors of one partition; more than these are a fault of the software, not of some actors. */
export const MAX_PARKED = 100_000
const MAX_REASON_LENGTH = 200

/** A record without a value lets the parked actor of its key go on, from that record on. */
export function isRelease({ value }: LogRecord): boolean {
  return value.length === 0
}

/** The actors of one partition that a poison record has parked, each from that record's offset on. */
export class Parking {
  readonly #at: Assignment
  readonly #from = new Map<string, number>()

  constructor(at: Assignment) {
    this.#at = at
  }

  static async load(tables: Tables, at: Assignment): Promise<Parking> {
    const parking = new Parking(at)
    const { group, topic, partition } = at
    const rows = await tables.range(parkedActors, { group, topic, partition }, { limit: MAX_PARKED })
    if (rows.length >= MAX_PARKED) throw new Error(`more than ${MAX_PARKED} parked actors`)
    for (const { key, offset } of rows) parking.#from.set(key as string, offset as number)
    return parking
  }

  /**
   * Whether a record has to be set aside. Records before the poison are not: a batch that is handled again after a crash
   * decides them as it did.
   */
  holds(key: string, offset: number): boolean {
    if (this.#from.size === 0) return false
    const from = this.#from.get(key)
    return from !== undefined && offset >= from
  }

  /** Parks a key from `offset` on; gives the row that says so. Throws where no actor is left that works. */
  park(key: string, offset: number, reason: string): Mutation {
    if (this.#from.size >= MAX_PARKED) throw new Error(`more than ${MAX_PARKED} parked actors`)
    this.#from.set(key, offset)
    return { kind: 'upsert', table: parkedActors, row: { ...this.#at, key, reason, offset } }
  }

  /** Lets an actor go on; gives the mutation that says so, or undefined where the actor is not parked. */
  release(key: string): Mutation | undefined {
    if (!this.#from.delete(key)) return undefined
    return { kind: 'delete', table: parkedActors, key: { ...this.#at, key } }
  }
}

/** Write time of the row of an actor that is parked or released by the record at `offset`. */
export const parkingTime = (offset: number): number => offset + 1

/** Why a record is poison: the error's name and message, which our own code words without any payload. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error'
  return text.slice(0, MAX_REASON_LENGTH)
}
