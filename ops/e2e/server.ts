import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { readStack } from '../stack/endpoints.ts'
import { removeNamespace } from '../stack/namespace.ts'
import { type Endpoints, readEndpoints } from '../start/endpoints.ts'

export const BINARY = join(import.meta.dirname, '../dist/bin.js')
const READY = /^ready/
/** On servers that have just been started the first tables take long, and on a busy machine everything. */
const READY_TIMEOUT_MS = 170_000
export const LOGIN_CODE = '12345'

/** Set where the tests run on the servers that HELIOGRAPH_STACK names, in place of embedded stores. */
const onServers = process.env.HELIOGRAPH_E2E === 'servers' ? process.env.HELIOGRAPH_STACK : undefined

/** A server in its own process, on a data directory of its own, as a user would start it. */
export class ServerProcess {
  readonly data: string
  readonly output: string[] = []
  endpoints!: Endpoints
  private child: ChildProcess | undefined
  private readonly flags: readonly string[]
  private readonly namespace = `e2e_${randomBytes(6).toString('hex')}`

  private constructor(data: string, flags: readonly string[]) {
    this.data = data
    this.flags = flags
  }

  /** Starts on free ports; `flags` go to the command line after the defaults. */
  static async start(flags: readonly string[] = ['--login-code', LOGIN_CODE]): Promise<ServerProcess> {
    const server = new ServerProcess(await mkdtemp(join(tmpdir(), 'heliograph-e2e-')), flags)
    // Named, since uWebSockets.js lets only a named port be used again right after connections on it have ended.
    await server.launch('127.0.0.1:0', `127.0.0.1:${await freePort()}`)
    return server
  }

  /** Starts again on the same data and ports. */
  async restart(): Promise<void> {
    await this.launch(this.endpoints.tcp, new URL(this.endpoints.http).host)
  }

  /** SIGKILL: no chance to write or say anything. */
  async kill(): Promise<void> {
    await this.signal('SIGKILL')
  }

  /** Ctrl-C; resolves to the exit code. */
  async stop(): Promise<number | null> {
    return this.signal('SIGINT')
  }

  /** Stops and removes the data. */
  async dispose(): Promise<void> {
    if (this.child !== undefined) await this.stop()
    if (onServers !== undefined) await removeNamespace(await readStack(onServers), this.namespace)
    await rm(this.data, { recursive: true, force: true })
  }

  get pid(): number {
    return this.child?.pid ?? 0
  }

  private async launch(tcp: string, http: string): Promise<void> {
    const args = [
      BINARY,
      'start',
      '--data',
      this.data,
      '--tcp',
      tcp,
      '--http',
      http,
      '--warm-up',
      '0',
      ...(onServers === undefined ? [] : ['--servers', onServers, '--namespace', this.namespace]),
      ...this.flags,
    ]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    this.child = child
    await this.untilReady(child)
    this.endpoints = await readEndpoints(this.data)
  }

  private untilReady(child: ChildProcess): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (why: string) => reject(new Error(`${why}\n${this.output.join('\n')}`))
      const timer = setTimeout(() => fail('the server did not get ready'), READY_TIMEOUT_MS)
      child.once('exit', (code, signal) => fail(`the server ended early: ${code ?? signal}`))
      for (const stream of [child.stdout, child.stderr]) {
        if (stream === null) continue
        createInterface(stream).on('line', (line) => {
          this.output.push(line)
          if (!READY.test(line)) return
          clearTimeout(timer)
          child.removeAllListeners('exit')
          resolve()
        })
      }
    })
  }

  private async signal(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.child
    if (child === undefined || child.exitCode !== null) return child?.exitCode ?? null
    const exited = once(child, 'exit')
    child.kill(signal)
    const [code] = (await exited) as [number | null]
    this.child = undefined
    return code
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}
