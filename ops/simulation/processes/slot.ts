import type { RunningGateway } from '../../start/compose.ts'
import type { StepFault } from '../plan.ts'
import type { SimulatedSessions } from '../sessions/sessions.ts'
import { SESSION_TIMEOUT_MS } from '../stores/groups.ts'
import { INJECTED, type Operation } from '../stores/operations.ts'
import { Life } from '../world/life.ts'
import type { World } from '../world/world.ts'
import { type Roles, startRoles } from './roles.ts'

/** A process that ended is started again after at most so long. */
const RESTART_WITHIN_MS = 3_000
/** Whoever has not ended in good order after so long is ended. */
const STOP_TIMEOUT_MS = 30_000
/** A process that was given up goes on for at most so long before it is really ended. */
const ZOMBIE_WITHIN_MS = 10_000

/** What an operation meets. */
export type Met = 'before' | 'half' | 'after' | 'refused' | 'unheard' | 'late' | undefined

/** The place of one process: whenever the process in it ends, another is started. */
export class Slot {
  readonly name: string
  readonly roles: Roles
  readonly #world: World
  readonly #faults: ReadonlyMap<number, StepFault>
  #steps = 0
  #lives = 0
  #closed = false
  #calm = false
  readonly #paused = new Set<Life>()
  /** How far its clock is off. */
  clockOffsetMs = 0
  life: Life | undefined
  sessions: SimulatedSessions | undefined
  #running: Pick<RunningGateway, 'stop'> | undefined

  constructor(world: World, name: string, roles: Roles, faults: ReadonlyMap<number, StepFault>) {
    this.#world = world
    this.name = name
    this.roles = roles
    this.#faults = faults
  }

  /** Store operations of all its lives so far. */
  get steps(): number {
    return this.#steps
  }

  /** Whether its process runs, with everything that it does. */
  get isUp(): boolean {
    return this.#running !== undefined && this.life?.dead === false && !this.life.paused
  }

  start(): void {
    if (this.#closed) return
    const life = new Life(`${this.name}.${++this.#lives}`)
    life.clockOffsetMs = this.clockOffsetMs
    this.life = life
    this.#running = undefined
    this.#world.time.trace.note(`${life.name} starts`)
    this.#world.time.later(0, life, () => void this.#run(life))
  }

  /** The groups hear nothing of this process for a while, and it nothing of them; all else goes on. */
  estrange(forMs: number): void {
    const { life } = this
    if (life === undefined || life.dead || life.paused) return
    const { coordinator, time } = this.#world
    life.estranged = true
    coordinator.giveUp(life)
    time.later(forMs, undefined, () => {
      if (!life.paused) coordinator.back(life)
    })
  }

  /** The clock of this machine jumps. */
  setClock(byMs: number): void {
    this.clockOffsetMs += byMs
    if (this.life !== undefined) this.life.clockOffsetMs = this.clockOffsetMs
  }

  /** Counts an operation; tells what it meets. Crashes, pauses and orders to end take effect at once. */
  step(life: Life, { name, bytes }: Operation<unknown>): Met {
    this.#world.time.trace.note(`${life.name} ${name}`, bytes)
    if (life !== this.life) return undefined
    const fault = this.#faults.get(++this.#steps)
    if (fault === undefined || this.#calm) return this.#world.weather.failure()
    this.#world.see(
      fault.kind === 'crash' || fault.kind === 'fail' ? `${fault.kind} ${fault.mode}` : fault.kind,
    )
    this.#world.time.trace.note(`${life.name} meets ${JSON.stringify(fault)}`)
    switch (fault.kind) {
      case 'crash':
        if (fault.mode === 'before') this.crash(life)
        return fault.mode
      case 'fail':
        return fault.mode
      case 'pause':
        this.#pause(life, fault.forMs)
        return undefined
      case 'leave':
        this.#world.time.later(0, life, () => void this.#leave(life))
        return undefined
    }
  }

  /** Ends this life at once, and starts another soon. */
  crash(life: Life): void {
    if (life.dead) return
    this.#end(life)
    this.#world.time.trace.note(`${life.name} crashed`)
    if (life !== this.life) return
    const { random } = this.#world.time
    void this.#afterwards().then(() =>
      this.#world.time.later(random.below(RESTART_WITHIN_MS), undefined, () => this.start()),
    )
  }

  /** No fault comes any more; who is paused goes on, who was given up ends. */
  calm(): void {
    this.#calm = true
    if (this.life !== undefined) this.#world.coordinator.back(this.life)
    for (const life of this.#paused) {
      if (life === this.life) this.#resume(life)
      else this.crash(life)
    }
    this.#paused.clear()
  }

  /** Lets what runs go for good, in good order. */
  close(): void {
    this.#closed = true
    const { life } = this
    if (life !== undefined && !life.dead) this.#world.time.later(0, life, () => void this.#leave(life))
  }

  async #run(life: Life): Promise<void> {
    try {
      const { running, sessions } = await startRoles(this.#world, this, life, (why) => this.#fatal(life, why))
      // One that was given up while it started takes no place.
      if (life !== this.life) return
      this.#running = running
      this.sessions = sessions
    } catch (error) {
      this.#fatal(life, error)
    }
  }

  /** A process that cannot go on ends; until it has, the rest of it goes on. */
  #fatal(life: Life, error: unknown): void {
    if (!String(error).includes(INJECTED)) this.#world.bugs.push(`${life.name} failed: ${describe(error)}`)
    this.#world.time.trace.note(`${life.name} fails`)
    this.#world.see('process failed')
    this.#world.time.later(this.#world.network.delayMs(), life, () => this.crash(life))
  }

  #end(life: Life): void {
    life.end()
    this.#world.coordinator.silent(life)
    if (life === this.life) {
      this.sessions?.broken()
      this.sessions = undefined
      this.#running = undefined
    }
  }

  /** What a crash does to a store that ends with the process. */
  async #afterwards(): Promise<void> {
    if (this.#world.plan.model !== 'shared') return
    this.#world.cache = this.#world.newCache()
    await this.#world.disk.loseSuffix()
  }

  #pause(life: Life, forMs: number): void {
    const { time, coordinator } = this.#world
    life.pause()
    this.#paused.add(life)
    coordinator.silent(life)
    const isReplaced = forMs > SESSION_TIMEOUT_MS && time.random.below(2) === 0
    if (isReplaced) time.later(SESSION_TIMEOUT_MS, undefined, () => this.#replace(life))
    time.later(forMs, undefined, () => {
      if (!life.paused) return
      this.#paused.delete(life)
      this.#resume(life)
      if (life === this.life) return
      time.later(time.random.below(ZOMBIE_WITHIN_MS), undefined, () => this.crash(life))
    })
  }

  #resume(life: Life): void {
    this.#world.time.trace.note(`${life.name} goes on`)
    this.#world.coordinator.back(life)
    this.#world.time.wake(life)
  }

  /** Whoever watches over the processes gives this one up, though it is still there. */
  #replace(life: Life): void {
    if (life !== this.life || !life.paused) return
    this.#world.see('zombie')
    this.sessions?.broken()
    this.sessions = undefined
    this.start()
  }

  async #leave(life: Life): Promise<void> {
    const { time } = this.#world
    if (this.#running === undefined) return this.crash(life)
    time.later(STOP_TIMEOUT_MS, life, () => this.crash(life))
    await this.#running.stop()
    this.#world.see('left')
    this.crash(life)
  }
}

const describe = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error)
