import { LogUnavailable, type Membership, type Offset } from '@heliograph/topics'
import type { Assignment, LoopLimits } from './ports.ts'

/**
 * Tells the group how far a partition is handled, now and then: checkpoints are what an owner goes on from, and the group's
 * offset only shows others how far it is. Batches are handled in order, so it always is a whole prefix. A commit that the
 * broker could not take is made up for by the next one.
 */
export class OffsetCommitter {
  readonly #at: Assignment
  readonly #membership: Promise<Membership>
  readonly #everyMs: LoopLimits['commitEveryMs']
  readonly #failed: (error: unknown) => void
  #reached = 0
  #committed = 0
  #timer: NodeJS.Timeout | undefined

  /** @param failed told when a commit fails that nobody waits for */
  constructor(
    at: Assignment,
    membership: Promise<Membership>,
    everyMs: number,
    failed: (error: unknown) => void,
  ) {
    this.#at = at
    this.#membership = membership
    this.#everyMs = everyMs
    this.#failed = failed
  }

  /** Everything below `next` is handled; committed within the interval. */
  reached(next: Offset): void {
    if (next <= this.#reached) return
    this.#reached = next
    this.#timer ??= setTimeout(() => this.#elapsed(), this.#everyMs).unref()
  }

  #elapsed(): void {
    this.#timer = undefined
    this.#commit().catch(this.#failed)
  }

  /** Commits what is handled at once, for the last time. */
  async finish(): Promise<void> {
    this.stop()
    await this.#commit()
  }

  /** Commits nothing more by itself. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  async #commit(): Promise<void> {
    const next = this.#reached
    if (next <= this.#committed) return
    this.#committed = next
    const membership = await this.#membership
    try {
      await membership.commit(this.#at.topic, this.#at.partition, next as Offset)
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error
      this.#committed = Math.min(this.#committed, next - 1)
    }
  }
}
