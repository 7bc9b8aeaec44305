import type { StoreModel } from '../plan.ts'
import type { Slot } from '../processes/slot.ts'
import type { Life } from '../world/life.ts'
import type { Network } from './network.ts'

/** A store operation as a process asks for it. */
export interface Operation<T> {
  /** For the trace: what it is, and where. */
  readonly name: string
  readonly bytes?: Uint8Array | undefined
  /** Does it, in the store. */
  readonly act: () => T | Promise<T>
  /** Does a part of it. */
  readonly half?: () => unknown
  /** Operations of one stream arrive in their order. */
  readonly stream?: string
  /** The error of a store that cannot be had. */
  readonly failed: (message: string) => Error
  /** Also by how much longer it is on its way. */
  readonly delayMs?: number
}

/** The words by which an injected failure is known again. */
export const INJECTED = 'injected by the simulation'
/** A failure is told after so long, and what is done later is done within as long again. */
const TIMEOUT_MS = 3_000

/** What one life of a process asks of the stores: each operation takes its time, and may be where a fault comes. */
export class Operations {
  readonly #slot: Slot
  readonly #life: Life
  readonly #network: Network
  readonly #model: StoreModel

  constructor(slot: Slot, life: Life, network: Network, model: StoreModel) {
    this.#slot = slot
    this.#life = life
    this.#network = network
    this.#model = model
  }

  /** Resolves to what it gives, when the process has heard of it; never for a process that is dead. */
  run<T>(operation: Operation<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#life.dead) return
      const fault = this.#slot.step(this.#life, operation)
      if (this.#life.dead) return
      const start = () => this.#start(operation, fault, resolve, reject)
      // A process that has just been stopped sends when it goes on.
      if (this.#life.paused) this.#network.world.later(0, this.#life, start)
      else start()
    })
  }

  #start<T>(
    operation: Operation<T>,
    fault: ReturnType<Slot['step']>,
    resolve: (result: T) => void,
    reject: (error: Error) => void,
  ): void {
    const { world } = this.#network
    const isFailure = fault === 'refused' || fault === 'unheard' || fault === 'late'
    const lost = () => reject(operation.failed(`${operation.name}: ${INJECTED}`))
    if (isFailure) world.later(world.random.below(TIMEOUT_MS), this.#life, lost)
    if (fault === 'refused') return
    const arrive = async (): Promise<void> => {
      if (fault === 'half') {
        operation.half?.()
        return this.#slot.crash(this.#life)
      }
      try {
        const result = await operation.act()
        if (fault === 'after') return this.#slot.crash(this.#life)
        if (!isFailure) this.#answer(() => resolve(result))
      } catch (error) {
        if (!isFailure) this.#answer(() => reject(error as Error))
      }
    }
    if (this.#model === 'shared') return void arrive()
    const lateMs = fault === 'late' ? TIMEOUT_MS + world.random.below(TIMEOUT_MS) : 0
    const delayMs = this.#network.delayMs() + lateMs + (operation.delayMs ?? 0)
    const stream =
      lateMs === 0 && operation.stream !== undefined ? `${this.#life.name} ${operation.stream}` : undefined
    this.#network.arrive(delayMs, stream, () => void arrive())
  }

  #answer(tell: () => void): void {
    if (this.#model === 'shared') tell()
    else this.#network.world.later(this.#network.delayMs(), this.#life, tell)
  }
}
