import type { TopicName } from '@heliograph/topics'
import type { AnyDecider } from './decider-batch.ts'
import { DeciderDriver } from './decider-loop.ts'
import type { AnyFold } from './fold-batch.ts'
import { FoldDriver } from './fold-loop.ts'
import { GroupMember } from './group-member.ts'
import type { PartitionDriver } from './partition-loop.ts'
import { type Assignment, DEFAULT_LIMITS, type LoopLimits, type Ports } from './ports.ts'

export interface ActorsOptions extends Ports {
  /** Any decider: the compiler checks methods both ways, so one of narrower commands fits. */
  readonly deciders: readonly AnyDecider[]
  readonly folds: readonly AnyFold[]
  readonly limits?: Partial<LoopLimits>
  /**
   * Called once when a store fails for good, or by a fault of the software: nothing of that partition is acknowledged any
   * more; the process should end and start again. What is merely unavailable (`LogUnavailable`, `StoreUnavailable`) is tried
   * again for as long as the partition is assigned.
   */
  readonly onFatal: (error: unknown) => void
  /** Somebody else has written into a partition of this process without telling; for the log. */
  readonly onSuperseded?: (group: string, topic: TopicName, partition: number) => void
}

export interface Actors {
  /**
   * Resolves when the partitions that this process has been given so far are whole again, and all that stood in their topics
   * is handled. A crash of embedded stores may lose rows that have been told of; until this they may be missing.
   */
  ready(): Promise<void>
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
  const superseded = (at: Assignment) => options.onSuperseded?.(at.group, at.topic, at.partition)
  const join = (group: string, topic: TopicName, driver: DriverOf) => {
    const own = sharedLimits(limits, options.log.partitions(topic))
    const ofPartition = (partition: number) => driver(partition, own)
    members.push(
      new GroupMember({ ports: options, limits: own, group, topic, driver: ofPartition, fatal, superseded }),
    )
  }
  for (const decider of options.deciders) {
    const driver: DriverOf = (partition, own) => new DeciderDriver(options, decider, partition, own)
    join(decider.group, decider.commands, driver)
  }
  for (const fold of options.folds) {
    join(fold.group, fold.topic, (partition, own) => new FoldDriver(options, fold, partition, own))
  }
  await Promise.all(members.map((member) => member.join()))
  return {
    ready: async () => {
      // In this order: what deciders append is there for the folds.
      for (const member of members) await member.caughtUp()
    },
    stop: async () => {
      // In this order: what deciders append while they end is folded before the folds end.
      for (const member of members) await member.leave()
    },
  }
}

type DriverOf = (partition: number, limits: LoopLimits) => PartitionDriver

/** A process may get all partitions of a group. */
function sharedLimits(limits: LoopLimits, partitions: number): LoopLimits {
  return { ...limits, maxCachedRows: Math.max(1, Math.floor(limits.maxCachedRows / partitions)) }
}
