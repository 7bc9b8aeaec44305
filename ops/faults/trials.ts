import { seededRandom } from '../load/pace/random.ts'
import type { ServerName } from '../stack/versions.ts'
import type { Cluster } from './cluster.ts'
import {
  BEYOND_SESSION_MS,
  cutClients,
  cutNetwork,
  type Fault,
  fillDisk,
  killRole,
  killServer,
  LONG_MS,
  pauseRole,
  pauseServer,
  unplug,
} from './fault.ts'
import type { Role } from './role.ts'
import type { Trial } from './trial.ts'

export const KILLS = 20
/** What a chat may stand still because of a process that does not serve it. */
export const MAX_OTHER_STALL_MS = 5_000
/** The schema registry is asked at a start only. */
const SERVERS = ['kafka', 'cassandra', 'redis', 'seaweedfs'] as const satisfies readonly ServerName[]

/** One of each kind under a single load, within a few minutes. */
export function shortTrials(cluster: Cluster): Trial[] {
  const { gateway, actors } = firsts(cluster)
  const faults = [
    ...[killRole(gateway), killRole(actors)],
    ...SERVERS.map((server) => killServer(cluster, server)),
    pauseRole(actors, BEYOND_SESSION_MS),
    cutNetwork(cluster, actors, 'kafka', BEYOND_SESSION_MS),
  ]
  return [{ name: 'one of each', faults }]
}

/** All of them, each under a load of its own, and the many kills. */
export function allTrials(cluster: Cluster, seed: number): Trial[] {
  const { gateway, actors } = firsts(cluster)
  const single: Fault[] = [
    ...[killRole(gateway), killRole(actors)],
    ...SERVERS.map((server) => killServer(cluster, server)),
    ...[pauseRole(gateway, LONG_MS), pauseRole(actors, LONG_MS)],
    ...SERVERS.map((server) => pauseServer(cluster, server, LONG_MS)),
    ...[gateway, actors].flatMap((role) =>
      SERVERS.map((server) => cutNetwork(cluster, role, server, LONG_MS)),
    ),
    ...[cutClients(cluster, gateway, LONG_MS), unplug(gateway, LONG_MS), unplug(actors, LONG_MS)],
    ...[fillDisk(cluster, 'kafka'), fillDisk(cluster, 'cassandra')],
  ]
  return [manyKills(cluster, seed), ...single.map((fault) => ({ name: fault.name, faults: [fault] }))]
}

/** Any of the roles, again and again. */
export function manyKills({ roles }: Cluster, seed: number): Trial {
  const random = seededRandom(seed)
  const faults = Array.from({ length: KILLS }, () =>
    killRole(roles[Math.floor(random() * roles.length)] as Role),
  )
  return { name: `${KILLS} kills`, faults, maxOtherStallMs: MAX_OTHER_STALL_MS }
}

function firsts({ gateways, actors }: Cluster): { gateway: Role; actors: Role } {
  return { gateway: gateways[0] as Role, actors: actors[0] as Role }
}
