import type { GroupHandler, Membership, TopicName } from '@heliograph/topics'
import type { AnyDecider } from './decider-batch.ts'
import { DeciderDriver } from './decider-loop.ts'
import type { AnyFold } from './fold-batch.ts'
import { FoldDriver } from './fold-loop.ts'
import { type PartitionDriver, PartitionLoop } from './partition-loop.ts'
import { DEFAULT_LIMITS, type LoopLimits, type Ports } from './ports.ts'

export interface ActorsOptions extends Ports {
  /** Any decider: the compiler checks methods both ways, so one of narrower commands fits. */
  readonly deciders: readonly AnyDecider[]
  readonly folds: readonly AnyFold[]
  readonly limits?: Partial<LoopLimits>
  /** Called once when a store fails: nothing is acknowledged any more; the process should end and start again. */
  readonly onFatal: (error: unknown) => void
  /** Another owner has taken a partition over without telling; for the log. */
  readonly onSuperseded?: (group: string, topic: TopicName, partition: number) => void
}

export interface Actors {
  /** Hands all partitions over: what the topics hold at this moment is handled, saved and answered. */
  stop(): Promise<void>
}

/** Joins the groups of all deciders and folds, and runs a loop for each partition that is assigned. */
export async function startActors(options: ActorsOptions): Promise<Actors> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const members: GroupMember[] = []
  let failed = false
  const fatal = (error: unknown) => {
    if (failed) return
    failed = true
    options.onFatal(error)
  }
  const join = (group: string, topic: TopicName, driver: (partition: number) => PartitionDriver) => {
    members.push(new GroupMember(options, limits, group, topic, driver, fatal))
  }
  for (const decider of options.deciders) {
    const driver = (partition: number) => new DeciderDriver(options, decider, partition, limits)
    join(decider.group, decider.commands, driver)
  }
  for (const fold of options.folds) {
    join(fold.group, fold.topic, (partition) => new FoldDriver(options, fold, partition, limits))
  }
  await Promise.all(members.map((member) => member.join()))
  return {
    stop: async () => {
      // In this order: what deciders append while they end is folded before the folds end.
      for (const member of members) await member.leave()
    },
  }
}

interface Running {
  readonly loop: PartitionLoop
  readonly ended: Promise<void>
}

/** This process's part in one group: a loop for each partition it owns. */
class GroupMember implements GroupHandler {
  readonly #options: ActorsOptions
  readonly #limits: LoopLimits
  readonly #group: string
  readonly #topic: TopicName
  readonly #driver: (partition: number) => PartitionDriver
  readonly #fatal: (error: unknown) => void
  readonly #running = new Map<number, Running>()
  #membership!: Promise<Membership>

  constructor(
    options: ActorsOptions,
    limits: LoopLimits,
    group: string,
    topic: TopicName,
    driver: (partition: number) => PartitionDriver,
    fatal: (error: unknown) => void,
  ) {
    this.#options = options
    this.#limits = limits
    this.#group = group
    this.#topic = topic
    this.#driver = driver
    this.#fatal = fatal
  }

  /** Resolves when the group has taken this process in; partitions may be assigned before that. */
  async join(): Promise<void> {
    let joined!: (membership: Promise<Membership>) => void
    this.#membership = new Promise<Membership>((resolve) => {
      joined = resolve
    })
    joined(this.#options.log.join(this.#group, [this.#topic], this))
    await this.#membership
  }

  async leave(): Promise<void> {
    const running = [...this.#running.values()]
    await Promise.all(running.map(({ loop }) => loop.drain()))
    await Promise.all(running.map(({ ended }) => ended))
    await (await this.#membership).leave()
  }

  assigned(topic: TopicName, partition: number): void {
    const at = { group: this.#group, topic, partition }
    const driver = this.#driver(partition)
    const loop = new PartitionLoop(this.#options, at, driver, this.#limits, this.#membership)
    const ended = loop.run().then((how) => {
      if (how === 'superseded') this.#options.onSuperseded?.(this.#group, topic, partition)
    }, this.#fatal)
    this.#running.set(partition, { loop, ended })
  }

  async revoked(_topic: TopicName, partition: number): Promise<void> {
    const running = this.#running.get(partition)
    this.#running.delete(partition)
    running?.loop.stop()
    await running?.ended
  }
}
