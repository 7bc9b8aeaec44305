import type { Fault, Plan, StepFault, TimedFault } from '../plan.ts'
import type { World } from '../world/world.ts'
import { Slot } from './slot.ts'

/** The processes of a world, and the faults that befall it. */
export class Cluster {
  readonly slots: readonly Slot[]
  readonly #world: World
  readonly #joined: Slot[] = []

  constructor(world: World) {
    this.#world = world
    this.slots = slotsOf(world, world.plan)
  }

  get gateways(): readonly Slot[] {
    return this.slots.filter(({ roles }) => roles.gateway)
  }

  start(): void {
    for (const slot of this.slots) slot.start()
    for (const fault of this.#world.plan.faults) {
      if ('atMs' in fault) this.#world.time.later(fault.atMs, undefined, () => this.#befall(fault))
    }
  }

  /** Ends all trouble: no fault comes any more, and everybody is there. */
  calm(): void {
    const { weather, network } = this.#world
    for (const slot of [...this.slots, ...this.#joined]) slot.calm()
    Object.assign(weather, { doubles: false, deaf: false, appendDelayMs: 0, failOneIn: 0 })
    network.slowness = 1
    for (const slot of this.#joined) slot.close()
  }

  get isUp(): boolean {
    return this.slots.every((slot) => slot.isUp)
  }

  get isDown(): boolean {
    return [...this.slots, ...this.#joined].every(({ life }) => life === undefined || life.dead)
  }

  close(): void {
    for (const slot of this.slots) slot.close()
  }

  #befall(fault: { readonly atMs: number } & TimedFault): void {
    const { weather, network, time } = this.#world
    time.trace.note(`befalls ${JSON.stringify(fault)}`)
    this.#world.see(fault.kind)
    const forWhile = (begin: () => void, end: () => void) => {
      begin()
      time.later('forMs' in fault ? fault.forMs : 0, undefined, end)
    }
    switch (fault.kind) {
      case 'wipe':
        this.#world.cache = this.#world.newCache()
        return
      case 'slow':
        return forWhile(
          () => (network.slowness = fault.factor),
          () => (network.slowness = 1),
        )
      case 'deaf':
        return forWhile(
          () => (weather.deaf = true),
          () => (weather.deaf = false),
        )
      case 'double':
        return forWhile(
          () => (weather.doubles = true),
          () => (weather.doubles = false),
        )
      case 'delay':
        return forWhile(
          () => (weather.appendDelayMs = fault.byMs),
          () => (weather.appendDelayMs = 0),
        )
      case 'flaky':
        return forWhile(
          () => {
            weather.failOneIn = fault.oneIn
          },
          () => {
            weather.failOneIn = 0
          },
        )
      case 'clock':
        return this.slots[fault.process % this.slots.length]!.setClock(fault.byMs)
      case 'estranged':
        return this.slots[fault.process % this.slots.length]!.estrange(fault.forMs)
      case 'join':
        return this.#join(fault.forMs)
    }
  }

  #join(forMs: number): void {
    const name = `j${this.#joined.length}`
    const slot = new Slot(this.#world, name, { gateway: false, actors: true }, new Map())
    this.#joined.push(slot)
    slot.start()
    this.#world.time.later(forMs, undefined, () => slot.close())
  }
}

function slotsOf(world: World, { gateways, actors, faults }: Plan): Slot[] {
  const names = [
    ...Array.from({ length: gateways }, (_, i) => `g${i}`),
    ...Array.from({ length: actors }, (_, i) => `a${i}`),
  ]
  return names.map((name, index) => {
    const gateway = index < gateways
    return new Slot(
      world,
      name,
      { gateway, actors: actors === 0 || !gateway },
      faultsOf(faults, index, names.length),
    )
  })
}

function faultsOf(faults: readonly Fault[], index: number, slots: number): Map<number, StepFault> {
  const own = new Map<number, StepFault>()
  for (const fault of faults) {
    if ('step' in fault && fault.process % slots === index) own.set(fault.step, fault)
  }
  return own
}
