import type { Happening } from './happenings.ts'

/** What happens to somebody: one run of a process, or a client. Whoever is dead or paused is not there to notice. */
export class Life {
  readonly name: string
  /** How far this one's clock is off, in milliseconds. */
  clockOffsetMs = 0
  /** The groups have given it up, and it has not heard so. */
  estranged = false
  #dead = false
  #held: Happening[] | undefined

  constructor(name: string) {
    this.name = name
  }

  get dead(): boolean {
    return this.#dead
  }

  get paused(): boolean {
    return this.#held !== undefined
  }

  end(): void {
    this.#dead = true
    this.#held = undefined
  }

  pause(): void {
    this.#held ??= []
  }

  /** Keeps for later what happens during a pause. */
  hold(happening: Happening): void {
    this.#held?.push(happening)
  }

  /** Ends a pause; what was missed, in its order. */
  resume(): readonly Happening[] {
    const held = this.#held ?? []
    this.#held = undefined
    return held
  }
}
