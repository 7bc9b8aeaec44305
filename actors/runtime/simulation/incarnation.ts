import type { Bus, Mutation, Tables } from '@heliograph/storage'
import type { Cursor, Log, LogRecord, Offset } from '@heliograph/topics'
import { type ActorsOptions, startActors } from '../node.ts'
import type { LoopLimits } from '../ports.ts'
import { WORLD_TIME_MS, type World } from './world.ts'

const never = new Promise<never>(() => undefined)

type Stores = Pick<ActorsOptions, 'log' | 'tables'>

/** What a process runs. `defect` may stand between the actors and their stores, to show that its harm is noticed. */
export interface Cast extends Pick<ActorsOptions, 'codec' | 'deciders' | 'folds'> {
  readonly defect?: (stores: Stores) => Stores
}

/** A store that fails because the simulation says so. */
export class InjectedFailure extends Error {}

/** One run of the actor process on a world's stores. It may crash, or be paused and go on as a zombie. */
export class Incarnation {
  readonly name: string
  readonly fatal: unknown[] = []
  readonly superseded: string[] = []
  readonly #world: World
  readonly #cast: Cast
  readonly #publish: Bus['publish']
  #dead = false
  #paused: Promise<void> | undefined
  #resume: (() => void) | undefined
  #actors: ReturnType<typeof startActors> | undefined

  constructor(world: World, cast: Cast, name: string, publish: Bus['publish']) {
    this.#world = world
    this.#cast = cast
    this.name = name
    this.#publish = publish
  }

  get dead(): boolean {
    return this.#dead
  }

  get paused(): boolean {
    return this.#paused !== undefined
  }

  async start(limits: Partial<LoopLimits>): Promise<void> {
    const { log, tables } = await this.#world.stores()
    const { codec, deciders, folds, defect } = this.#cast
    const stores: Stores = { log: this.#log(log), tables: this.#tables(tables) }
    this.#actors = startActors({
      ...(defect === undefined ? stores : defect(stores)),
      bus: this.#bus(),
      codec,
      deciders,
      folds,
      now: () => WORLD_TIME_MS,
      owner: this.name,
      limits,
      onFatal: (error) => this.#failed(error),
      onSuperseded: (_group, topic, partition) => this.superseded.push(`${topic}/${partition}`),
    })
  }

  async stop(): Promise<void> {
    await (await this.#actors)?.stop()
  }

  pause(): void {
    this.#paused = new Promise((resolve) => {
      this.#resume = resolve
    })
  }

  resume(): void {
    this.#paused = undefined
    this.#resume?.()
  }

  crash(): void {
    this.#dead = true
    this.#world.trace.push(`crash ${this.name}`)
  }

  async #leave(): Promise<void> {
    await this.stop()
    this.#dead = true
    this.#world.trace.push(`${this.name} left`)
  }

  /** A failed store ends the process; until it has ended, the rest of it goes on. */
  #failed(error: unknown): void {
    if (!(error instanceof InjectedFailure)) this.fatal.push(error)
    else void this.#world.turn(`${this.name} ends`).then(() => this.crash())
  }

  /** Waits while paused; never comes back from the dead. */
  async #gate(): Promise<void> {
    while (this.#paused !== undefined) await this.#paused
    if (this.#dead) await never
  }

  async #step<T>(name: string, scheduled: boolean, run: () => Promise<T>, half?: () => Promise<unknown>) {
    await this.#gate()
    const world = this.#world
    if (scheduled) {
      await world.turn(`${this.name} ${name}`)
      await this.#gate()
    }
    world.steps++
    const due = world.crashAt?.step === world.steps ? world.crashAt.mode : undefined
    if (due === 'half') await half?.()
    if (due === 'before' || due === 'half') this.crash()
    if (due === 'pause') this.pause()
    if (due === 'leave') void this.#leave()
    await this.#gate()
    if (due === 'refused') throw new InjectedFailure(`${name} was refused`)
    const result = await run()
    if (due === 'unheard') throw new InjectedFailure(`nobody heard of ${name}`)
    if (due === 'after') this.crash()
    await this.#gate()
    return result
  }

  #log(inner: Log): Log {
    const world = this.#world
    const slow = world.model === 'independent'
    return {
      createTopics: (definitions) => inner.createTopics(definitions),
      partitions: (topic) => inner.partitions(topic),
      append: (topic, partition, records: readonly LogRecord[], expected?: Offset) =>
        this.#step(`append ${topic}/${partition}`, slow, async () => {
          const at = await inner.append(topic, partition, records, expected)
          world.noteDone({ kind: 'append', topic, partition, records })
          return at
        }),
      end: (topic, partition) => this.#read(() => inner.end(topic, partition)),
      start: (topic, partition) => this.#read(() => inner.start(topic, partition)),
      open: (topic, partition, from) =>
        this.#cursor(inner.open(topic, partition, from), `${topic}/${partition}`),
      join: async (group, topics, handler) => {
        const membership = await inner.join(group, topics, handler)
        const commit = (...args: Parameters<typeof membership.commit>) =>
          this.#step('commit', slow, () => membership.commit(...args))
        return { commit, leave: () => membership.leave() }
      },
      committed: (...args) => this.#read(() => inner.committed(...args)),
      barrier: () => {
        const { written } = world
        return this.#step('barrier', true, async () => world.makeDurable(written))
      },
      appended: () => {
        const { appended } = world
        return this.#step('appended', true, async () => world.makeDurable(appended))
      },
      close: () => inner.close(),
    }
  }

  #cursor(inner: Cursor, name: string): Cursor {
    return {
      next: async (limits) => {
        const records = await inner.next(limits)
        await this.#world.turn(`${this.name} read ${name}`)
        await this.#gate()
        return records
      },
      close: () => inner.close(),
      get position() {
        return inner.position
      },
    }
  }

  #tables(inner: Tables): Tables {
    const world = this.#world
    const apply = async (mutations: readonly Mutation[], writeTime: number) => {
      await inner.apply(mutations, writeTime)
      world.noteDone({ kind: 'apply', mutations, writeTime })
    }
    return {
      create: (tables) => inner.create(tables),
      get: (...args) => this.#read(() => inner.get(...args)),
      getMany: (refs) => this.#read(() => inner.getMany(refs)),
      range: (...args) => this.#read(() => inner.range(...args)),
      scan: (table) => inner.scan(table),
      apply: (mutations, writeTime) =>
        this.#step(
          `apply ${mutations[0]?.table.name}`,
          world.model === 'independent',
          () => apply(mutations, writeTime),
          () =>
            apply(
              mutations.filter(() => world.random.below(2) === 0),
              writeTime,
            ),
        ),
      close: () => inner.close(),
    }
  }

  async #read<T>(run: () => Promise<T>): Promise<T> {
    await this.#gate()
    const result = await run()
    await this.#gate()
    return result
  }

  #bus(): Bus {
    return {
      publish: (channel, payload) => {
        if (!this.#dead) this.#publish(channel, payload)
      },
      subscribe: async () => ({ close: () => undefined }),
      close: async () => undefined,
    }
  }
}
