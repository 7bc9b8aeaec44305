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
}

/** Takes what has to be done in the end to leave nothing behind, however far it came; the last one given is done first. */
export type AtEnd = (undo: () => Promise<void>) => void

/** Starts all servers below the directory; where their usual ports are taken, on other ones. */
export async function startFaultsStack(dir: string, atEnd: AtEnd): Promise<FaultsStack> {
  const disks = new Map<ServerName, SmallDisk>()
  for (const [server, sizeMb] of Object.entries(DISKS_MB) as [ServerName, number][]) {
    const disk = await SmallDisk.mount(join(dir, server, 'data'), sizeMb)
    disks.set(server, disk)
    atEnd(() => disk.unmount())
  }
  atEnd(async () => {
    const { servers } = await findStack({ dir })
    for (const server of Object.values(servers)) await server?.kill('SIGKILL')
  })
  return { stack: await startStack({ dir }), disk: (server) => diskOf(disks, server) }
}

function diskOf(disks: ReadonlyMap<ServerName, SmallDisk>, server: ServerName): SmallDisk {
  const disk = disks.get(server)
  if (disk === undefined) throw new Error(`${server} has no disk of its own`)
  return disk
}
