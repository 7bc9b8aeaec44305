import { join } from 'node:path'
import type { LoadTarget } from '../bench/load/user.ts'
import { readTargets } from '../load/targets.ts'
import type { Stack } from '../stack/stack.ts'
import type { ServerName } from '../stack/versions.ts'
import type { SmallDisk } from './disk.ts'
import { RoleNetwork } from './network.ts'
import { Role, type RoleKind } from './role.ts'
import type { AtEnd, FaultsStack } from './stack.ts'

const NAMESPACE = 'faults'
const LOGIN_CODE = '12345'
export const PARTITIONS = 8
const [TCP_PORT, HTTP_PORT] = [2443, 2080]
const CONNECTIONS_PER_ADDRESS = '100000'

/** Gateways and actors, each a process in a network of its own, on servers that are theirs alone. */
export interface Cluster {
  readonly stack: Stack
  readonly gateways: readonly Role[]
  readonly actors: readonly Role[]
  readonly roles: readonly Role[]
  /** As `heliograph load` takes them, one for each gateway. */
  readonly targets: readonly LoadTarget[]
  /** Ends that nobody asked for, since the last call. */
  takeDeaths(): string[]
  disk(server: ServerName): SmallDisk
  /** The port on which roles reach a server. */
  port(server: ServerName): number
  /** On which clients reach a gateway, at its own address. */
  readonly gatewayPort: number
}

/** Starts so many of each; they are ready when this resolves. */
export async function startCluster(
  servers: FaultsStack,
  dir: string,
  size: { readonly gateways: number; readonly actors: number },
  atEnd: AtEnd,
): Promise<Cluster> {
  const block = process.pid % 256
  const deaths: string[] = []
  const roles: Role[] = []
  const add = async (kind: RoleKind, number: number) => {
    const network = await RoleNetwork.make(block, roles.length)
    atEnd(() => network.remove())
    const name = `${kind} ${number}`
    const logFile = join(dir, `${kind}-${number}.log`)
    const args = argumentsOf(kind, dir, servers.stack.file, network.address, number)
    const role = new Role({ name, kind, args, network, logFile, onDied: (why) => deaths.push(why) })
    roles.push(role)
    atEnd(() => role.kill())
    await role.start()
  }
  // One after another: the first of each kind makes keys, topics and tables.
  for (let number = 1; number <= size.actors; number++) await add('actors', number)
  for (let number = 1; number <= size.gateways; number++) await add('gateway', number)
  const gateways = roles.filter(({ kind }) => kind === 'gateway')
  return {
    stack: servers.stack,
    gateways,
    actors: roles.filter(({ kind }) => kind === 'actors'),
    roles,
    targets: await readTargets({
      server: gateways.map((_, at) => endpointsFile(dir, at + 1)),
      loginCode: LOGIN_CODE,
    }),
    takeDeaths: () => deaths.splice(0),
    disk: servers.disk,
    port: (server) => portIn(servers.stack.server(server).endpoint),
    gatewayPort: TCP_PORT,
  }
}

const endpointsFile = (dir: string, number: number) => join(dir, `gateway-${number}.json`)

function argumentsOf(
  kind: RoleKind,
  dir: string,
  servers: string,
  address: string,
  number: number,
): string[] {
  const stores = ['--servers', servers, '--namespace', NAMESPACE, '--partitions', `${PARTITIONS}`]
  const common = [...stores, '--data', join(dir, 'keys')]
  if (kind === 'actors') return common
  return [
    ...common,
    ...['--tcp', `${address}:${TCP_PORT}`, '--http', `${address}:${HTTP_PORT}`, '--warm-up', '0'],
    ...['--endpoints', endpointsFile(dir, number), '--login-code', LOGIN_CODE],
    ...['--clients-per-address', CONNECTIONS_PER_ADDRESS],
  ]
}

/** Of `host:port` or a URL. */
function portIn(endpoint: string): number {
  return Number(new URL(endpoint.includes('://') ? endpoint : `tcp://${endpoint}`).port)
}
