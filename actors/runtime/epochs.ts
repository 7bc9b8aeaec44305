import type { OwnerAnnounced, RecordHeader } from '@heliograph/schemas/avro'
import type { TypedRecord } from './decider.ts'

/**
 * Tells the valid events of a partition from those that a superseded owner left behind: after an announcement only records
 * of its epoch count, and an announcement counts only where its epoch is higher than the one in force. Pure: the same
 * records in the same order give the same answers to the owner, to folds and to a replay.
 */
export class Epochs {
  #current: number

  /** @param current epoch in force where reading starts; 0 from the start of a partition */
  constructor(current = 0) {
    this.#current = current
  }

  get current(): number {
    return this.#current
  }

  /** Whether the record is a valid event; announcements are none, but take effect. */
  accept(header: RecordHeader, record: TypedRecord): boolean {
    if (record.type === 'OwnerAnnounced') {
      const { epoch } = record as OwnerAnnounced
      if (epoch > this.#current) this.#current = epoch
      return false
    }
    // A topic without owners (a mailbox) has no announcement, and each record the epoch of whoever caused it.
    return this.#current === 0 || header.epoch === this.#current
  }
}
