import type { ActorsOptions } from '@heliograph/actors'
import type { Logger } from 'pino'

export type ActorsObserver = NonNullable<ActorsOptions['observer']>

/**
 * Logs what an operator wants to know of the partition loops. Their keys name people and chats, and are left out. `alone`: no
 * other process may own partitions, so that it is no news that this one does.
 */
export function actorsLog(log: Logger, alone: boolean): ActorsObserver {
  const level = alone ? 'debug' : 'info'
  return {
    parked: ({ group, topic, partition, offset, reason }) =>
      log.warn({ group, topic, partition, offset, reason }, 'an actor is parked'),
    released: ({ group, topic, partition }) =>
      log.info({ group, topic, partition }, 'a parked actor goes on'),
    interrupted: ({ group, topic, partition, error, waitMs }) =>
      log.warn({ group, topic, partition, reason: error.message, waitMs }, 'a store failed; trying again'),
    reopened: ({ group, topic, partition, attempts }) =>
      log.warn({ group, topic, partition, attempts }, 'the partition is served again'),
    superseded: ({ group, topic, partition, waitMs }) =>
      log.warn({ group, topic, partition, waitMs }, 'another owner has written to the partition'),
    assigned: ({ group, topic, partition }) => log[level]({ group, topic, partition }, 'partition assigned'),
    revoked: ({ group, topic, partition }) => log[level]({ group, topic, partition }, 'partition revoked'),
  }
}

/** Both are told, the first one first. What neither wants to hear is not measured. */
export function bothObservers(one: ActorsObserver, other: ActorsObserver): ActorsObserver {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]) as Set<keyof ActorsObserver>
  const hooks = [...names].map((name) => {
    const heard = [one[name], other[name]].filter((hook) => hook !== undefined) as ((told: object) => void)[]
    const [first, second] = heard
    if (second === undefined) return [name, first]
    return [
      name,
      (told: object) => {
        first?.(told)
        second(told)
      },
    ]
  })
  return Object.fromEntries(hooks) as ActorsObserver
}
