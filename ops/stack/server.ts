import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { choosePorts, type Ports } from './ports.ts'
import { isAlive, type ProcessIdentity, sendSignal } from './process/identity.ts'
import { launch, tail } from './process/launch.ts'
import { type Unready, waitExit, waitReady } from './process/wait.ts'
import { readRecord, type ServerRecord, writeRecord } from './record.ts'
import type { Report, ServerSpec } from './spec.ts'
import type { ServerName } from './versions.ts'

const KILL_MS = 10_000

/** One server of a stack: a detached process of ours, that outlives the process that holds this. */
export interface ServerHandle {
  readonly name: ServerName
  readonly logFile: string
  /** As clients name it; the same over restarts unless another process took the port meanwhile. */
  readonly endpoint: string
  readonly ports: Ports
  /** Of the running process; undefined where none runs. */
  readonly pid: number | undefined
  /** Starts it where it does not run, and waits until it is healthy. */
  start(): Promise<void>
  /** Sends a signal; after SIGKILL waits until the process is gone. False where it does not run. */
  kill(signal: NodeJS.Signals): Promise<boolean>
  /** Ends it in order, by force where it does not end. */
  stop(): Promise<void>
  /** `stop`, where it runs, then `start`: on the same data. */
  restart(): Promise<void>
  /** Throws with the last lines of the log where it is not healthy in time. */
  waitHealthy(timeoutMs?: number): Promise<void>
}

/** The server of a directory, running or not; `install` returns its files when they are needed. */
export async function openServer(
  spec: ServerSpec,
  dir: string,
  install: () => Promise<string>,
  report: Report = () => {},
): Promise<ServerHandle> {
  return new DetachedServer(spec, dir, install, report, await readRecord(dir))
}

class DetachedServer implements ServerHandle {
  readonly name: ServerName
  readonly logFile: string
  readonly #spec: ServerSpec
  readonly #dir: string
  readonly #install: () => Promise<string>
  readonly #report: Report
  #ports: Ports
  #process: ProcessIdentity | undefined

  constructor(
    spec: ServerSpec,
    dir: string,
    install: () => Promise<string>,
    report: Report,
    record: ServerRecord | undefined,
  ) {
    this.name = spec.name
    this.logFile = join(dir, `${spec.name}.log`)
    this.#spec = spec
    this.#dir = dir
    this.#install = install
    this.#report = report
    this.#ports = record?.ports ?? spec.wantedPorts
    this.#process = record?.process
  }

  get ports(): Ports {
    return this.#ports
  }

  get endpoint(): string {
    return this.#spec.endpoint(this.#ports)
  }

  get pid(): number | undefined {
    return this.#running()?.pid
  }

  async start(): Promise<void> {
    if (this.#running() === undefined) await this.#launch()
    await this.waitHealthy()
  }

  async kill(signal: NodeJS.Signals): Promise<boolean> {
    const running = this.#running()
    if (running === undefined || !sendSignal(running, signal)) return false
    if (signal === 'SIGKILL' && !(await waitExit(running, KILL_MS)))
      throw new Error(`${this.name} (process ${running.pid}) does not die`)
    return true
  }

  async stop(): Promise<void> {
    const running = this.#running()
    if (running === undefined) return
    this.#report('stopping')
    sendSignal(running, 'SIGTERM')
    // A paused process takes no other signal.
    sendSignal(running, 'SIGCONT')
    if (!(await waitExit(running, this.#spec.stopMs))) await this.kill('SIGKILL')
  }

  async restart(): Promise<void> {
    await this.stop()
    await this.start()
  }

  async waitHealthy(timeoutMs = this.#spec.readyMs): Promise<void> {
    const running = this.#running()
    if (running === undefined) throw new Error(`${this.name} does not run`)
    const unready = await waitReady(
      () => isAlive(running),
      () => this.#spec.check(this.#ports),
      timeoutMs,
    )
    if (unready !== undefined) throw await this.#complaint(unready, timeoutMs)
    this.#report(`healthy at ${this.endpoint}`)
  }

  #running(): ProcessIdentity | undefined {
    return this.#process !== undefined && isAlive(this.#process) ? this.#process : undefined
  }

  async #launch(): Promise<void> {
    const home = await this.#install()
    this.#report('starting')
    await mkdir(this.#dir, { recursive: true })
    this.#ports = await choosePorts({ ...this.#spec.wantedPorts, ...this.#ports })
    const what = await this.#spec.prepare({ dir: this.#dir, home, ports: this.#ports })
    this.#process = await launch(what, this.logFile)
    await writeRecord(this.#dir, { ports: this.#ports, process: this.#process })
  }

  async #complaint({ reason, last }: Unready, timeoutMs: number): Promise<Error> {
    const what = reason === 'ended' ? 'ended' : `is not healthy after ${timeoutMs} ms`
    const said = last instanceof Error ? ` (${last.message})` : ''
    return new Error(`${this.name} ${what}${said}; the end of ${this.logFile}:\n${await tail(this.logFile)}`)
  }
}
