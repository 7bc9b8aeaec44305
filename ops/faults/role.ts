import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { READY } from '../start/announce.ts'
import type { RoleNetwork } from './network.ts'

/** Node runs no TypeScript: from the sources, the built program is started. */
const BINARY = import.meta.filename.endsWith('.ts')
  ? join(import.meta.dirname, '../dist/bin.js')
  : join(import.meta.dirname, '../bin.js')
const READY_TIMEOUT_MS = 90_000
const LAST_LINES = 12

export type RoleKind = 'gateway' | 'actors'

export interface RoleParts {
  readonly name: string
  readonly kind: RoleKind
  readonly args: readonly string[]
  readonly network: RoleNetwork
  readonly logFile: string
  /** Hears of an end that nobody asked for. */
  onDied(why: string): void
}

/** A gateway or an actors process, in a network of its own. */
export class Role {
  readonly name: string
  readonly kind: RoleKind
  readonly network: RoleNetwork
  /** The partitions that it says it owns, as `group/topic/partition`. */
  readonly owned = new Set<string>()
  readonly #parts: RoleParts
  readonly #log: WriteStream
  readonly #last: string[] = []
  #child: ChildProcess | undefined

  constructor(parts: RoleParts) {
    this.name = parts.name
    this.kind = parts.kind
    this.network = parts.network
    this.#parts = parts
    this.#log = createWriteStream(parts.logFile, { flags: 'a' })
  }

  /** Starts it and waits until it says that it is ready. */
  async start(): Promise<void> {
    const [command = '', ...prefix] = this.network.prefix
    const args = [...prefix, process.execPath, BINARY, this.kind, ...this.#parts.args]
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#child = child
    this.owned.clear()
    const ready = this.#listen(child)
    child.once('exit', (code, signal) => {
      if (this.#child !== child) return
      this.#child = undefined
      this.#parts.onDied(`${this.name} ended by itself (${code ?? signal}): ${this.#last.at(-1) ?? ''}`)
    })
    await ready
  }

  /** SIGKILL; resolves when it is gone. */
  async kill(): Promise<void> {
    const child = this.#child
    if (child === undefined) return
    this.#child = undefined
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }

  pause(): void {
    this.#child?.kill('SIGSTOP')
  }

  resume(): void {
    this.#child?.kill('SIGCONT')
  }

  #listen(child: ChildProcess): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (why: string) => reject(new Error(`${this.name} ${why}:\n${this.#last.join('\n')}`))
      const timer = setTimeout(() => fail('did not get ready'), READY_TIMEOUT_MS)
      child.once('error', reject)
      child.once('exit', () => fail('ended while it started'))
      for (const stream of [child.stdout, child.stderr]) {
        if (stream === null) continue
        createInterface(stream).on('line', (line) => {
          this.#hear(line)
          if (line !== READY) return
          clearTimeout(timer)
          resolve()
        })
      }
    })
  }

  #hear(line: string): void {
    this.#log.write(`${line}\n`)
    this.#last.push(line)
    if (this.#last.length > LAST_LINES) this.#last.shift()
    const change = ownershipOf(line)
    if (change?.isOwned === true) this.owned.add(change.place)
    else if (change !== undefined) this.owned.delete(change.place)
  }
}

/** What a line of an actors process's log says of a partition that came or went; undefined for any other line. */
export function ownershipOf(line: string): { readonly place: string; readonly isOwned: boolean } | undefined {
  const said = /"msg":"partition (assigned|revoked)"/.exec(line)
  if (said === null) return undefined
  const { group, topic, partition } = JSON.parse(line) as Record<string, unknown>
  return { place: `${group}/${topic}/${partition}`, isOwned: said[1] === 'assigned' }
}
