import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { type Endpoints, readEndpoints } from '../start/endpoints.ts'

const BINARY = join(import.meta.dirname, '../bin.js')
const LOGIN_CODE = '12345'
const READY_TIMEOUT_MS = 20_000

/** A server in its own process on a new data directory. */
export interface BenchServer {
  readonly pid: number
  readonly endpoints: Endpoints
  readonly loginCode: string
  publicKeyPem(): Promise<string>
  /** Bytes of the files in the data directory that match. */
  dataBytes(): Promise<number>
  /** Bytes of V8's heap and buffers in use after a collection; for a server that `collect-on-signal` is preloaded into. */
  bytesInUse(): Promise<number>
  dispose(): Promise<void>
}

/** `nodeFlags` go to the server's Node, for profiles (`--cpu-prof`). */
export async function startBenchServer(nodeFlags: readonly string[]): Promise<BenchServer> {
  const data = await mkdtemp(join(tmpdir(), 'heliograph-bench-'))
  const address = '127.0.0.1:0'
  const flags = [
    '--data',
    data,
    '--tcp',
    address,
    '--http',
    address,
    '--login-code',
    LOGIN_CODE,
    '--log-level',
    'warn',
  ]
  const child = spawn(process.execPath, [...nodeFlags, BINARY, 'start', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = createInterface(child.stdout as NodeJS.ReadableStream)
  await ready(child, lines)
  const endpoints = await readEndpoints(data)
  return {
    pid: child.pid as number,
    endpoints,
    loginCode: LOGIN_CODE,
    publicKeyPem: () => readFile(endpoints.rsaPublicKey, 'utf8'),
    dataBytes: () => bytesIn(data),
    async bytesInUse() {
      const answer = lineOf(lines, /^in-use (\d+)/)
      child.kill('SIGUSR2')
      return Number((await answer)[1])
    },
    async dispose() {
      const exited = once(child, 'exit')
      child.kill('SIGINT')
      await exited
      await rm(data, { recursive: true, force: true })
    },
  }
}

/** The next line of the server's output that matches. */
function lineOf(lines: Interface, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve) => {
    lines.on('line', function look(line) {
      const found = pattern.exec(line)
      if (found === null) return
      lines.off('line', look)
      resolve(found)
    })
  })
}

function ready(child: ChildProcess, lines: Interface): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('the server did not get ready')), READY_TIMEOUT_MS)
    child.once('exit', (code) => reject(new Error(`the server ended early, code ${code}`)))
    lineOf(lines, /^ready/).then(() => {
      clearTimeout(late)
      resolve()
    })
  })
}

async function bytesIn(directory: string): Promise<number> {
  const names = await readdir(directory, { recursive: true })
  const sizes = await Promise.all(names.map(async (name) => stat(join(directory, name))))
  return sizes.reduce((sum, each) => sum + (each.isFile() ? each.blocks * 512 : 0), 0)
}
