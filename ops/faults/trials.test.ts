import { describe, expect, it } from 'vitest'
import type { Cluster } from './cluster.ts'
import type { Role } from './role.ts'
import { allTrials, KILLS, manyKills, shortTrials } from './trials.ts'

const role = (kind: Role['kind'], number: number) => ({ name: `${kind} ${number}`, kind }) as Role
const [gateways, actors] = [
  [role('gateway', 1), role('gateway', 2)],
  [role('actors', 1), role('actors', 2)],
]
const cluster = { gateways, actors, roles: [...actors, ...gateways] } as unknown as Cluster
const names = (trials: readonly { readonly faults: readonly { readonly name: string }[] }[]) =>
  trials.flatMap(({ faults }) => faults.map(({ name }) => name))

describe('the trials', () => {
  it('kill each of the roles, in an order that the seed decides', () => {
    const { faults } = manyKills(cluster, 1)
    expect(faults).toHaveLength(KILLS)
    expect(new Set(faults.map(({ victim }) => victim))).toEqual(new Set(cluster.roles))
    expect(names([manyKills(cluster, 1)])).toEqual(names([manyKills(cluster, 1)]))
    expect(names([manyKills(cluster, 2)])).not.toEqual(names([manyKills(cluster, 1)]))
  })

  it('in short are one kill of each kind, one pause and one cut, under one load', () => {
    const short = shortTrials(cluster)
    expect(short).toHaveLength(1)
    for (const kind of ['gateway', 'actors', 'kafka', 'cassandra', 'redis', 'seaweedfs'])
      expect(names(short).filter((name) => name.startsWith(`kill -9 ${kind}`))).toHaveLength(1)
    expect(names(short).filter((name) => name.startsWith('pause'))).toHaveLength(1)
    expect(names(short).filter((name) => name.startsWith('no network'))).toHaveLength(1)
  })

  it('in full cut every role from every server, and have a name each', () => {
    const all = allTrials(cluster, 1)
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
    for (const kind of ['gateway', 'actors'])
      for (const server of ['kafka', 'cassandra', 'redis', 'seaweedfs'])
        expect(names(all).some((name) => name.startsWith(`no network ${kind} 1 – ${server}`))).toBe(true)
  })
})
