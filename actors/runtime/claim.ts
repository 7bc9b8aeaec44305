import type { TopicName } from '@heliograph/topics'
import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'
import { checkpointTime, expectVersion, loadState, stateMutation } from './checkpoint.ts'
import { Superseded } from './ownership.ts'
import type { Assignment, Ports } from './ports.ts'

const CLAIM_VERSION = 1

/**
 * A fold's ownership. It appends nothing, so the log cannot be its lock; a numbered row is. Each owner first writes its
 * claim and then reads the state; before it writes the rows of a batch it writes the state that tells of them, and then
 * looks whether its claim still stands. So either the next owner finds that state, or this one finds the next one's claim.
 *
 * That wants reads and writes of a majority and no clock. Of two that write a claim of the same number one stands, whichever
 * it is, since names differ, and the other finds out before it writes anything. A claim whose write was thought to have
 * failed and is done later loses by its number. An owner that stops between its look and its writes, and writes when
 * another has taken over, does no harm: what it writes is what the records below its write time come to, counted from rows
 * that it read before its look, and the next owner gives these rows the same values or newer ones with higher times.
 */
export class Claim {
  readonly generation: number
  readonly #ports: Ports
  readonly #at: Assignment
  readonly #bytes: Buffer

  private constructor(ports: Ports, at: Assignment, generation: number) {
    this.#ports = ports
    this.#at = at
    this.generation = generation
    const writer = new ByteWriter()
    writer.number(CLAIM_VERSION)
    writer.number(generation)
    writer.text(ports.owner)
    this.#bytes = writer.finish()
  }

  static async take(ports: Ports, fold: Assignment): Promise<Claim> {
    const at = { ...fold, topic: `claim:${fold.topic}` as TopicName }
    const before = await loadState(ports.tables, at)
    const claim = new Claim(ports, at, before === undefined ? 1 : generationOf(before) + 1)
    const time = checkpointTime(claim.generation, 0)
    await ports.tables.apply([stateMutation(at, claim.#bytes)], time)
    await claim.confirm()
    return claim
  }

  /** Rejects with `Superseded` where another owner has claimed since. */
  async confirm(): Promise<void> {
    const bytes = await loadState(this.#ports.tables, this.#at)
    if (bytes?.equals(this.#bytes) !== true) throw new Superseded(this.#at.topic, this.#at.partition, true)
  }
}

function generationOf(bytes: Buffer): number {
  const from = new ByteReader(bytes)
  expectVersion(from, CLAIM_VERSION)
  return from.number()
}
