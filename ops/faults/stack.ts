import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { findStack, type Stack, startStack } from '../stack/stack.ts'
import type { ServerName } from '../stack/versions.ts'
import { SmallDisk } from './disk.ts'

/** Disks that can be filled. Kafka's indices are large and almost empty, Cassandra's commit log comes in pieces of 16 MiB. */
const DISKS_MB: Readonly<Partial<Record<ServerName, number>>> = { kafka: 512, cassandra: 768 }

/** Servers of this run alone, the data of some on small disks. */
export interface FaultsStack {
  readonly stack: Stack
  disk(server: ServerName): SmallDisk
  /** Ends the servers and their disks; their logs stay where `keep` says so. */
  down(keep: boolean): Promise<void>
}

/** Starts all servers below the directory; where their usual ports are taken, on other ones. */
export async function startFaultsStack(
  dir: string,
  report: (server: ServerName, text: string) => void,
): Promise<FaultsStack> {
  const disks = new Map<ServerName, SmallDisk>()
  const down = async (keep: boolean) => {
    const { servers } = await findStack({ dir })
    for (const server of Object.values(servers)) await server?.kill('SIGKILL')
    for (const disk of disks.values()) await disk.unmount()
    if (!keep) await rm(dir, { recursive: true, force: true })
  }
  try {
    for (const [server, sizeMb] of Object.entries(DISKS_MB) as [ServerName, number][])
      disks.set(server, await SmallDisk.mount(join(dir, server, 'data'), sizeMb))
    const stack = await startStack({ dir, report })
    return {
      stack,
      disk: (server) => diskOf(disks, server),
      down,
    }
  } catch (error) {
    await down(true)
    throw error
  }
}

function diskOf(disks: ReadonlyMap<ServerName, SmallDisk>, server: ServerName): SmallDisk {
  const disk = disks.get(server)
  if (disk === undefined) throw new Error(`${server} has no disk of its own`)
  return disk
}
