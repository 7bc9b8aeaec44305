import { StoreUnavailable } from '@heliograph/storage'
import { LogUnavailable, type Membership, type Offset } from '@heliograph/topics'
import { Backoff, WELL_AFTER_MS } from './backoff.ts'
import { Superseded } from './ownership.ts'
import { type PartitionDriver, PartitionLoop } from './partition-loop.ts'
import type { Assignment, LoopLimits, Ports } from './ports.ts'

/** Only a start waits for a partition to have caught up. */
const CAUGHT_UP_POLL_MS = 10

/** How a partition is served. */
export interface Service {
  readonly at: Assignment
  readonly limits: LoopLimits
  /** Of the group, which may be still joining. */
  readonly membership: Promise<Membership>
  /** A new driver for each attempt: nothing that one knew is taken for true by the next. */
  driver(): PartitionDriver
  /** Called when somebody else has written into the partition. */
  superseded(): void
}

/** Fails for now: a partition whose owner meets this is taken over anew, from what the stores hold. */
type Setback = Superseded | LogUnavailable | StoreUnavailable

function isSetback(error: unknown): error is Setback {
  return error instanceof Superseded || error instanceof LogUnavailable || error instanceof StoreUnavailable
}

/**
 * Serves a partition for as long as the group says that it is this process's: a loop that fails because a store did, or
 * because somebody else wrote into the partition, is followed by another one, after a wait. Other errors end it.
 */
export class PartitionTenure {
  readonly #ports: Ports
  readonly #service: Service
  readonly #backoff: Backoff
  readonly #stopped: Promise<void>
  #stop!: () => void
  #ending = false
  #loop: PartitionLoop | undefined
  #openedAtMs = 0
  /** Why the partition is not served. */
  #trouble: Setback | undefined

  constructor(ports: Ports, service: Service) {
    this.#ports = ports
    this.#service = service
    this.#backoff = new Backoff(ports.random ?? Math.random)
    this.#stopped = new Promise((resolve) => {
      this.#stop = resolve
    })
  }

  /** Resolves when it was stopped, drained included; rejects with what no further attempt can mend. */
  async run(): Promise<void> {
    while (!this.#ending) {
      const setback = await this.#serve()
      if (setback === undefined || this.#ending) return
      await this.#wait(setback)
    }
  }

  /** Lets it end after the batch that it is at, whether or not that can be saved. */
  stop(): void {
    this.#ending = true
    this.#stop()
    this.#loop?.stop()
  }

  /** Lets it end once all that the partition holds now is handled; at once where it is not being served. */
  async drain(): Promise<void> {
    this.#ending = true
    this.#stop()
    try {
      await this.#loop?.drain()
    } catch (error) {
      if (!isSetback(error)) throw error
      this.stop()
    }
  }

  /** Resolves when all that the partition holds now is handled and what follows from it stored, or when it has ended. */
  async caughtUp(): Promise<void> {
    const { log, sleep = systemSleep } = this.#ports
    const { topic, partition } = this.#service.at
    const end = await log.end(topic, partition)
    while (!this.#ending && !(await this.#hasHandled(end))) await sleep(CAUGHT_UP_POLL_MS)
  }

  /** False where the loop fails meanwhile: another one will follow. */
  async #hasHandled(end: Offset): Promise<boolean> {
    try {
      return (await this.#loop?.hasHandled(end)) ?? false
    } catch {
      return false
    }
  }

  /** Undefined when the loop has been told to end. */
  async #serve(): Promise<Setback | undefined> {
    const { at, driver, limits, membership } = this.#service
    this.#loop = new PartitionLoop(this.#ports, at, driver(), limits, membership, () => this.#opened())
    try {
      await this.#loop.run()
      return undefined
    } catch (error) {
      if (!isSetback(error)) throw error
      return error
    } finally {
      this.#loop = undefined
    }
  }

  #opened(): void {
    this.#openedAtMs = this.#ports.now()
    const error = this.#trouble
    this.#trouble = undefined
    const { attempts } = this.#backoff
    if (error !== undefined) this.#ports.observer?.reopened?.({ ...this.#service.at, attempts, error })
  }

  async #wait(error: Setback): Promise<void> {
    const { now, observer, sleep = systemSleep } = this.#ports
    const { at } = this.#service
    if (this.#trouble === undefined && now() - this.#openedAtMs >= WELL_AFTER_MS) this.#backoff.reset()
    const isRival = error instanceof Superseded && error.byRival
    const waitMs = this.#backoff.next(isRival ? 'rival' : 'failure')
    if (error instanceof Superseded) {
      this.#service.superseded()
      observer?.superseded?.({ ...at, error, waitMs })
    } else if (!this.#trouble) observer?.interrupted?.({ ...at, error, waitMs })
    this.#trouble = error
    await Promise.race([sleep(waitMs), this.#stopped])
  }
}

/** Keeps no process alive by itself. */
export function systemSleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
