import type { GroupHandler, Membership, TopicName } from '@heliograph/topics'
import type { PartitionDriver } from './partition-loop.ts'
import { PartitionTenure, type Service, systemSleep } from './partition-tenure.ts'
import type { Assignment, LoopLimits, Ports } from './ports.ts'

/**
 * How long a partition that is taken away is held for what is in hand: stores answer or time out within that. Whoever is
 * given it then drives out what is left here, as it would after a crash.
 */
export const MAX_HANDOVER_MS = 5_000
/** How long leaving waits until all that the topics hold is handled; what is left is the next owner's. */
export const MAX_DRAIN_MS = 30_000

export interface MemberOptions {
  readonly ports: Ports
  readonly limits: LoopLimits
  readonly group: string
  readonly topic: TopicName
  readonly driver: (partition: number) => PartitionDriver
  readonly fatal: (error: unknown) => void
  readonly superseded: (at: Assignment) => void
}

interface Running {
  readonly tenure: PartitionTenure
  /** Resolves when it has ended, however. */
  readonly ended: Promise<void>
}

/** This process's part in one group: each partition that it is given is served until it is taken away. */
export class GroupMember implements GroupHandler {
  readonly #options: MemberOptions
  readonly #running = new Map<number, Running>()
  /** Ends of the last tenure of each partition, held until the next has begun. */
  readonly #ending = new Map<number, Promise<void>>()
  #membership!: Promise<Membership>

  constructor(options: MemberOptions) {
    this.#options = options
  }

  /** Resolves when the group has taken this process in; partitions may be assigned before that. */
  async join(): Promise<void> {
    const { group, ports, topic } = this.#options
    let joined!: (membership: Promise<Membership>) => void
    this.#membership = new Promise<Membership>((resolve) => {
      joined = resolve
    })
    joined(ports.log.join(group, [topic], this))
    await this.#membership
  }

  /** Resolves when all that the partitions hold now, which it has been given so far, is handled. */
  async caughtUp(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ tenure }) => tenure.caughtUp()))
  }

  /** Handles what the topics hold now, saves it, and leaves. */
  async leave(): Promise<void> {
    const running = [...this.#running.values()]
    const drained = Promise.all(running.map(({ tenure, ended }) => tenure.drain().then(() => ended)))
    if (running.length > 0) await this.#within(MAX_DRAIN_MS, drained)
    for (const { tenure } of this.#running.values()) tenure.stop()
    await (await this.#membership).leave()
  }

  assigned(topic: TopicName, partition: number): void {
    const { driver, limits, ports, superseded, group } = this.#options
    const at: Assignment = { group, topic, partition }
    ports.observer?.assigned?.(at)
    const service: Service = {
      at,
      limits,
      membership: this.#membership,
      driver: () => driver(partition),
      superseded: () => superseded(at),
    }
    const tenure = new PartitionTenure(ports, service)
    const ended = this.#serve(tenure, this.#ending.get(partition))
    this.#running.set(partition, { tenure, ended })
  }

  async revoked(topic: TopicName, partition: number): Promise<void> {
    const running = this.#running.get(partition)
    if (running === undefined) return
    const { ended, tenure } = running
    this.#running.delete(partition)
    this.#ending.set(partition, ended)
    tenure.stop()
    await this.#within(MAX_HANDOVER_MS, ended)
    const { group, ports } = this.#options
    ports.observer?.revoked?.({ group, topic, partition })
  }

  /** No two loops of one process on one partition at once: the one before may be waiting for a store yet. */
  async #serve(tenure: PartitionTenure, before: Promise<void> | undefined): Promise<void> {
    try {
      if (before !== undefined) await before
      await tenure.run()
    } catch (error) {
      this.#options.fatal(error)
    }
  }

  async #within(ms: number, done: Promise<unknown>): Promise<void> {
    const { sleep = systemSleep } = this.#options.ports
    await Promise.race([done, sleep(ms)])
  }
}
