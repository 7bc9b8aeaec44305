import { type Mutation, parkedActors, type RowOf, type Tables } from '@heliograph/storage'
import type { Assignment } from './ports.ts'

/** Parked actors of one partition; more than these are a fault of the software, not of some actors. */
export const MAX_PARKED = 100_000
const MAX_REASON_LENGTH = 200

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
}

/** Write time of the row of an actor parked at `offset`. */
export const parkingTime = (offset: number): number => offset + 1

/** Lets a parked actor go on; false where it is not parked. Takes effect when its partition's next owner starts. */
export async function unpark(tables: Tables, at: Assignment, key: string): Promise<boolean> {
  const { group, topic, partition } = at
  const id = { group, topic, partition, key }
  const row: RowOf<typeof parkedActors> | undefined = await tables.get(parkedActors, id)
  if (row === undefined) return false
  await tables.apply([{ kind: 'delete', table: parkedActors, key: id }], parkingTime(row.offset as number))
  return true
}

/** Why a record is poison: the error's name and message, which our own code words without any payload. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error'
  return text.slice(0, MAX_REASON_LENGTH)
}
