import type { LoadKey, LoadLink } from '../../bench/load/link.ts'
import type { LoadTarget } from '../../bench/load/user.ts'
import type { Meter } from '../measure/meter.ts'
import { ConnectionLost, openLink } from './open-link.ts'

/** Silence after which the client asks for a sign of life, and after which it gives the connection up. */
const PING_AFTER_MS = 5_000
const DEAD_AFTER_MS = 15_000
const FIRST_RETRY_MS = 100
const MAX_RETRY_MS = 1_000

export interface ConnectionPorts {
  readonly targets: readonly LoadTarget[]
  readonly meter: Meter
  readonly requestTimeoutMs: number
}

type Reject = (error: Error) => void

/** Keeps one logged-in user connected: to the same server while that works, else to the next one. */
export class Connection {
  /** Undefined while there is none. */
  link: LoadLink | undefined
  isPaused = false
  onReady: (link: LoadLink) => void = () => {}
  onLost: () => void = () => {}
  onUpdate: (body: Buffer) => void = () => {}
  private key: LoadKey
  private target: number
  private readonly ports: ConnectionPorts
  private readonly underWay = new Map<Reject, number>()
  private isClosed = false
  private resumedMs = 0
  /** Silence is counted from here at the earliest: a new connection, or the end of a pause. */
  private fromMs = 0

  /** Takes over a logged-in link to `ports.targets[target]`. */
  constructor(ports: ConnectionPorts, link: LoadLink, key: LoadKey, target: number) {
    this.ports = ports
    this.key = key
    this.target = target
    this.adopt(link)
  }

  /** Of the server that it is connected to, or tries to. */
  get host(): string {
    return this.targetNow.host
  }

  private get targetNow(): LoadTarget {
    const { targets } = this.ports
    return targets[this.target % targets.length] as LoadTarget
  }

  /** The result's bytes, which may be an `rpc_error`. Rejects with ConnectionLost. */
  request(body: Buffer): Promise<Buffer> {
    const { link } = this
    if (link === undefined) return Promise.reject(new ConnectionLost('not connected'))
    return new Promise((resolve, reject) => {
      this.underWay.set(reject, performance.now())
      link.send(body, (result) => {
        if (this.underWay.delete(reject)) resolve(result)
      })
    })
  }

  /** Ends the connection and makes a new one; `error` is counted, undefined when the client itself wanted it. */
  drop(error?: string): void {
    if (error !== undefined) this.ports.meter.error(error)
    if (this.link === undefined) return
    this.disconnect()
    if (error !== undefined) this.target++
    if (!this.isClosed) void this.reconnect()
  }

  pause(): void {
    this.isPaused = true
    this.link?.pause()
  }

  resume(): void {
    this.isPaused = false
    this.fromMs = performance.now()
    this.resumedMs = this.fromMs
    this.link?.resume()
  }

  /** Whether the client itself was slow at that time or since: what it measures then says nothing of the server. */
  wasSlowSince(ms: number): boolean {
    return this.isPaused || ms <= this.resumedMs
  }

  /** Whether it has been connected and reading since that time. */
  isSteadySince(ms: number): boolean {
    return this.link !== undefined && !this.isPaused && this.fromMs <= ms
  }

  /** To be called every second or so: notices servers that keep silent. `oldestMs`: when the caller's own oldest request went. */
  sweep(nowMs: number, oldestMs: number | undefined): void {
    const { link } = this
    if (link === undefined || this.isPaused) return
    const [first] = this.underWay.values()
    const oldest = Math.min(first ?? nowMs, oldestMs ?? nowMs)
    if (nowMs - Math.max(oldest, this.fromMs) > this.ports.requestTimeoutMs) return this.drop('no answer')
    const silenceMs = nowMs - Math.max(link.heardAtMs, this.fromMs)
    if (silenceMs > DEAD_AFTER_MS) this.drop('no sign of life')
    else if (silenceMs > PING_AFTER_MS) link.ping()
  }

  close(): void {
    this.isClosed = true
    if (this.link !== undefined) this.disconnect()
  }

  private adopt(link: LoadLink): void {
    this.link = link
    this.fromMs = performance.now()
    if (this.isPaused) this.resumedMs = this.fromMs
    this.isPaused = false
    this.ports.meter.connections++
    link.onUpdate = (body) => this.onUpdate(body)
    link.onSalt = (salt) => {
      this.key = { ...this.key, salt }
    }
    link.onFailure = (why) => {
      if (this.link === link) this.drop(`connection: ${why}`)
    }
  }

  private disconnect(): void {
    this.link?.close()
    this.link = undefined
    this.ports.meter.connections--
    const rejects = [...this.underWay.keys()]
    this.underWay.clear()
    for (const reject of rejects) reject(new ConnectionLost('the connection was lost'))
    this.onLost()
  }

  private async reconnect(): Promise<void> {
    for (let waitMs = FIRST_RETRY_MS; !this.isClosed; waitMs = Math.min(2 * waitMs, MAX_RETRY_MS)) {
      const link = await openLink(this.targetNow).catch(() => undefined)
      if (link !== undefined) return this.isClosed ? link.close() : this.begin(link)
      this.ports.meter.error('connecting failed')
      this.target++
      await new Promise((resolve) => setTimeout(resolve, waitMs))
    }
  }

  private begin(link: LoadLink): void {
    link.useKey(this.key)
    this.ports.meter.reconnected()
    this.adopt(link)
    this.onReady(link)
  }
}
