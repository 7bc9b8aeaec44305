import type { Fence, Plan, StoreModel } from '../plan.ts'
import type { Life } from '../world/life.ts'
import type { Disk } from './disk.ts'
import type { Network } from './network.ts'

/** How a disk that is shared takes its time to make things durable, in milliseconds. */
const FLUSH_MS = 4

/** In what state the stores are just now: everything about them that faults change. */
export class Weather {
  readonly model: StoreModel
  readonly fence: Fence
  /** Appends without an expected offset are done twice. */
  doubles = false
  /** They are on their way for so much longer. */
  appendDelayMs = 0
  /** One in so many operations fails; 0 none. */
  failOneIn = 0
  /** No publication arrives. */
  deaf = false
  readonly #plan: Plan
  readonly #network: Network
  readonly #disk: Disk

  constructor(plan: Plan, network: Network, disk: Disk) {
    this.model = plan.model
    this.fence = plan.fence
    this.#plan = plan
    this.#network = network
    this.#disk = disk
  }

  /** Whether a writer hears of a wrong offset by an error; otherwise by the offset that it is told. */
  tellsMismatch(): boolean {
    return this.#network.world.random.below(2) === 0
  }

  /** How an operation fails, if it does. */
  failure(): 'refused' | 'unheard' | 'late' | undefined {
    const { random } = this.#network.world
    if (this.failOneIn === 0 || random.below(this.failOneIn) > 0) return undefined
    return random.pick(['refused', 'unheard', 'late'])
  }

  losesPublication(): boolean {
    const { loseOneIn } = this.#plan
    return this.deaf || (loseOneIn > 0 && this.#network.world.random.below(loseOneIn) === 0)
  }

  /** Lets something happen to a process soon. */
  later(life: Life, act: () => void): void {
    this.#network.world.later(this.#network.delayMs() / 4, life, act)
  }

  /** Makes durable what was written, which takes a while. */
  async flush(written: number): Promise<void> {
    const { world, slowness } = this.#network
    await new Promise<void>((resolve) =>
      world.later((world.random.below(1000) * FLUSH_MS * slowness) / 1000, world.current, resolve),
    )
    this.#disk.makeDurable(written)
  }
}
