import { setTimeout as pause } from 'node:timers/promises'
import type { ServerName } from '../stack/versions.ts'
import type { Cluster } from './cluster.ts'
import type { Role } from './role.ts'

/** Longer than every time-out: sessions 3 s, requests 5 s, Cassandra's repetitions 8 s, appends and answers 10 s. */
export const LONG_MS = 15_000
/** Longer than the session of an owner of partitions, so that another one takes them over. */
export const BEYOND_SESSION_MS = 6_000
/** How long what was killed stays away. */
export const AWAY_MS = 2_000
/** How long a disk stays full. */
const FULL_MS = 6_000

/** Something that goes wrong for a while. */
export interface Fault {
  readonly name: string
  /** The role that it happens to: the chats of the others must go on. Undefined: a server, which all need. */
  readonly victim?: Role
  strike(): Promise<void>
  readonly holdMs: number
  /** Puts it right again, and resolves when it works. */
  mend(): Promise<void>
}

/** kill -9 of a role, which is started again at once. */
export function killRole(role: Role, holdMs = 0): Fault {
  return {
    ...{ name: `kill -9 ${role.name}`, victim: role, holdMs },
    strike: () => role.kill(),
    mend: () => role.start(),
  }
}

export function killServer({ stack }: Cluster, server: ServerName): Fault {
  return {
    ...{ name: `kill -9 ${server}`, holdMs: AWAY_MS },
    strike: async () => void (await stack.server(server).kill('SIGKILL')),
    mend: () => stack.server(server).start(),
  }
}

/** The role stands still and wakes late, with all that it believed. */
export function pauseRole(role: Role, holdMs: number): Fault {
  return {
    ...{ name: `pause ${role.name}, ${holdMs / 1000} s`, victim: role, holdMs },
    strike: async () => role.pause(),
    mend: async () => role.resume(),
  }
}

export function pauseServer({ stack }: Cluster, server: ServerName, holdMs: number): Fault {
  return {
    ...{ name: `pause ${server}, ${holdMs / 1000} s`, holdMs },
    strike: async () => void (await stack.server(server).kill('SIGSTOP')),
    mend: async () => {
      await stack.server(server).kill('SIGCONT')
      // A server may take a late awakening for its own failure, and end.
      await pause(AWAY_MS)
      await stack.server(server).start()
    },
  }
}

/** Nothing passes between the role and the server, and nobody says so. */
export function cutNetwork(cluster: Cluster, role: Role, server: ServerName, holdMs: number): Fault {
  return {
    ...{ name: `no network ${role.name} – ${server}, ${holdMs / 1000} s`, victim: role, holdMs },
    strike: () => role.network.cut(cluster.port(server)),
    mend: () => role.network.heal(),
  }
}

/** Nothing passes between a gateway and its clients. */
export function cutClients({ gatewayPort }: Cluster, gateway: Role, holdMs: number): Fault {
  return {
    ...{ name: `no network clients – ${gateway.name}, ${holdMs / 1000} s`, victim: gateway, holdMs },
    strike: () => gateway.network.cutOwn(gatewayPort),
    mend: () => gateway.network.heal(),
  }
}

/** Nothing passes between the role and anybody. */
export function unplug(role: Role, holdMs: number): Fault {
  return {
    ...{ name: `no network ${role.name} – all, ${holdMs / 1000} s`, victim: role, holdMs },
    strike: () => role.network.unplug(),
    mend: () => role.network.heal(),
  }
}

/** A server without room for one more block; it may end because of it, and is started again when there is room. */
export function fillDisk({ stack, disk }: Cluster, server: ServerName): Fault {
  return {
    ...{ name: `disk of ${server} full`, holdMs: FULL_MS },
    strike: () => disk(server).fill(),
    mend: async () => {
      await disk(server).free()
      await stack.server(server).restart()
    },
  }
}
