import type { Consumer, Kafka } from 'kafkajs'
import type { Offset } from '../../log.ts'
import type { GroupListener, GroupMembership, Place } from '../client.ts'
import { HEARTBEAT_MS, OPERATION_TIMEOUT_MS, REBALANCE_TIMEOUT_MS } from '../limits.ts'
import { OwnedPlaces } from '../owned-places.ts'
import { Backoff, persist } from '../retry.ts'
import { unavailable } from './errors.ts'

/**
 * A member by the classic group protocol. It learns of a change when the new assignment is there and gives up then what
 * moved, so that two members may have a partition for a moment: the fence of the events partitions makes that safe.
 */
export class KafkajsMember implements GroupMembership {
  readonly #consumer: Consumer
  readonly #topics: readonly string[]
  readonly #owned: OwnedPlaces
  readonly #sessionMs: number
  readonly #backoff = new Backoff()
  #heardAt = Date.now()
  #isLeaving = false
  #watch: NodeJS.Timeout | undefined

  constructor(
    kafka: Kafka,
    groupId: string,
    topics: readonly string[],
    sessionMs: number,
    listener: GroupListener,
  ) {
    this.#topics = topics
    this.#sessionMs = sessionMs
    this.#owned = new OwnedPlaces(listener)
    this.#consumer = kafka.consumer({
      groupId,
      sessionTimeout: sessionMs,
      heartbeatInterval: HEARTBEAT_MS,
      rebalanceTimeout: REBALANCE_TIMEOUT_MS,
      maxWaitTimeInMs: HEARTBEAT_MS,
      retry: { restartOnFailure: async () => false },
    })
  }

  async join(): Promise<void> {
    const { GROUP_JOIN, HEARTBEAT, CRASH } = this.#consumer.events
    const joined = new Promise<void>((resolve) => {
      this.#consumer.on(GROUP_JOIN, ({ payload }) => {
        // It reads nothing: cursors do.
        this.#consumer.pause(this.#topics.map((topic) => ({ topic })))
        this.#backoff.reset()
        this.#become(payload.memberAssignment)
        resolve()
      })
    })
    this.#consumer.on(HEARTBEAT, () => {
      this.#heardAt = Date.now()
    })
    // By itself kafkajs would not run again after failures that pass too, as of a coordinator that is not found.
    this.#consumer.on(CRASH, () => this.#restart())
    await this.#consumer.connect()
    await this.#consumer.subscribe({ topics: [...this.#topics] })
    await this.#run()
    await joined
    this.#watch = setInterval(() => this.#checkSession(), HEARTBEAT_MS)
  }

  commit({ topic, partition }: Place, next: Offset): Promise<void> {
    const asked = [{ topic, partition, offset: String(next) }]
    return persist(OPERATION_TIMEOUT_MS, () =>
      this.#consumer.commitOffsets(asked).catch((error) => Promise.reject(unavailable(error))),
    )
  }

  async leave(): Promise<void> {
    this.#isLeaving = true
    clearInterval(this.#watch)
    await this.#owned.become([])
    await this.#consumer.disconnect().catch(() => undefined)
  }

  stop(): void {
    this.#isLeaving = true
    clearInterval(this.#watch)
    this.#consumer.disconnect().catch(() => undefined)
  }

  #run(): Promise<void> {
    return this.#consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch: async () => {} })
  }

  async #restart(): Promise<void> {
    while (!this.#isLeaving) {
      await this.#backoff.pause()
      try {
        return await this.#run()
      } catch {}
    }
  }

  #become(assignment: Record<string, number[]>): void {
    this.#heardAt = Date.now()
    if (this.#isLeaving) return
    const target = Object.entries(assignment).flatMap(([topic, partitions]) =>
      partitions.map((partition) => ({ topic, partition })),
    )
    void this.#owned.become(target)
  }

  #checkSession(): void {
    if (Date.now() - this.#heardAt > this.#sessionMs) void this.#owned.become([])
  }
}
