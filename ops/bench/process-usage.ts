import { readFile } from 'node:fs/promises'

/** The kernel's clock tick for /proc; 100 Hz on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100

export interface Usage {
  readonly cpuSeconds: number
  readonly residentBytes: number
  /** The part of it that is the process's own: without the pages of mapped files, such as LMDB's. */
  readonly privateBytes: number
}

/** CPU time (user and system) and resident memory of a process, from /proc. */
export async function usageOf(pid: number): Promise<Usage> {
  const [stat, status] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8'),
    readFile(`/proc/${pid}/status`, 'utf8'),
  ])
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  return {
    cpuSeconds: ticks / TICKS_PER_SECOND,
    residentBytes: statusBytes(status, 'VmRSS'),
    privateBytes: statusBytes(status, 'RssAnon'),
  }
}

/** A line of /proc/<pid>/status that is given in kB. */
export function statusBytes(status: string, name: string): number {
  return Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) * 1024
}
