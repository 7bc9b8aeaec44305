import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string }
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

/** Part of a process's time that a function took itself, by name; the idle time is left out. */
export interface Share {
  readonly name: string
  readonly share: number
}

/** The largest shares in the profile that Node has written into a directory. */
export async function sharesIn(directory: string, count: number): Promise<Share[]> {
  const [file] = (await readdir(directory)).filter((name) => name.endsWith('.cpuprofile'))
  if (file === undefined) return []
  const profile = JSON.parse(await readFile(join(directory, file), 'utf8')) as CpuProfile
  const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]))
  const times = new Map<string, number>()
  for (const [index, id] of profile.samples.entries()) {
    const name = names.get(id) ?? ''
    times.set(name, (times.get(name) ?? 0) + (profile.timeDeltas[index] ?? 0))
  }
  times.delete('(idle)')
  const total = [...times.values()].reduce((sum, time) => sum + time, 0)
  return [...times]
    .map(([name, time]) => ({ name, share: time / total }))
    .sort((a, b) => b.share - a.share)
    .slice(0, count)
}

function nameOf({ functionName, url }: { functionName: string; url: string }): string {
  const file = url.slice(url.lastIndexOf('/') + 1)
  if (url.startsWith('wasm:')) return `wasm ${functionName}`
  return file === '' ? functionName : `${functionName} (${file})`
}
