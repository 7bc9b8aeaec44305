import { readFile } from 'node:fs/promises'
import type { ServerHandle } from './server.ts'
import type { Stack } from './stack.ts'

/** For each server: where it is, its process and its memory, and whether it answers; then the file that names all. */
export async function statusLines(stack: Stack): Promise<string[]> {
  const lines = await Promise.all(Object.values(stack.servers).map(statusLine))
  return [...lines, `endpoints: ${stack.file}`]
}

const NAME_WIDTH = 10
const ONE_CHECK_MS = 1

async function statusLine(server: ServerHandle): Promise<string> {
  const name = server.name.padEnd(NAME_WIDTH)
  const { pid } = server
  if (pid === undefined) return `${name} down`
  const healthy = await server.waitHealthy(ONE_CHECK_MS).then(
    () => 'healthy',
    () => `unhealthy, see ${server.logFile}`,
  )
  return `${name} ${server.endpoint}  process ${pid}${await residentMemory(pid)}  ${healthy}`
}

/** proc(5), `/proc/pid/status`, VmRSS in kB; empty where the system has no such file. */
async function residentMemory(pid: number): Promise<string> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const match = /^VmRSS:\s+(\d+) kB/m.exec(status)
  return match === null ? '' : `, ${Math.round(Number(match[1]) / 1024)} MB`
}
