import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { RpcError, rpcError } from '@heliograph/schemas/tl'
import type { DerivedImage, DerivedSticker } from './derivatives.ts'
import {
  PICTURE_HEAP_MIB,
  PICTURE_MAX_MEMORY_BYTES,
  PICTURE_PROCESS_CPU_SECONDS,
  PICTURE_START_MS,
  PICTURE_TIMEOUT_MS,
} from './limits.ts'
import type { PictureOrder, PictureOutcome, PictureSent } from './picture-work.ts'

const KIB = 1024
/** Node runs no TypeScript: from the sources, the built script is started. */
const SCRIPT = import.meta.filename.endsWith('.ts')
  ? join(import.meta.dirname, '../dist/media/picture-worker.js')
  : join(import.meta.dirname, 'picture-worker.js')

/**
 * Sets limits, then becomes Node: processor time of the whole process, private memory (that of its address space would count
 * what V8 merely reserves), no file but of no bytes and no core dump. What a system does not know it goes without.
 */
const limited = (memoryBytes: number): string =>
  [
    `ulimit -t ${PICTURE_PROCESS_CPU_SECONDS} 2>/dev/null`,
    `ulimit -d ${Math.ceil(memoryBytes / KIB)} 2>/dev/null`,
    'ulimit -f 0 2>/dev/null; ulimit -c 0',
    'exec nice -n 5 "$@"',
  ].join('; ')
const NODE_FLAGS = [`--max-old-space-size=${PICTURE_HEAP_MIB}`, '--no-warnings']

export interface PictureLimits {
  /** For one order, from when the process has it. */
  readonly timeoutMs: number
  /** Private memory of the process, Node's included. */
  readonly memoryBytes: number
}
const LIMITS: PictureLimits = { timeoutMs: PICTURE_TIMEOUT_MS, memoryBytes: PICTURE_MAX_MEMORY_BYTES }

/**
 * One process that decodes pictures, one order after the other. Whatever a picture does to it is the picture's fault: an
 * order that takes too long, or too much memory, ends the process, and with it nothing else.
 */
export class PictureProcess {
  readonly #child: ChildProcess
  readonly #ready: Promise<void>
  readonly #timeoutMs: number
  #answered: ((outcome: PictureOutcome) => void) | undefined
  readonly #lost: (why: string) => void
  #isOver = false
  /** Orders that it has been given. */
  orders = 0

  /** @param lost told why, where an order has ended the process */
  constructor(lost: (why: string) => void, { timeoutMs, memoryBytes }: PictureLimits = LIMITS) {
    this.#timeoutMs = timeoutMs
    this.#lost = lost
    this.#child = start(memoryBytes)
    this.#ready = this.#begun()
    this.#ready.catch(() => this.end())
    this.#child.on('message', (sent: PictureSent) => {
      if (!('ready' in sent)) this.#answer(sent)
    })
    this.#child.once('exit', (code, signal) => this.#fell(`it ended with ${signal ?? code}`))
    this.#child.once('error', () => this.#over())
  }

  /** Whether it can be given another order. */
  get isAlive(): boolean {
    return !this.#isOver
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /** @throws RpcError of the picture; IMAGE_PROCESS_FAILED where the process did not survive it */
  async run(order: PictureOrder): Promise<DerivedImage | DerivedSticker> {
    this.orders += 1
    this.#hold(true)
    try {
      await this.#ready
      const outcome = await this.#outcomeOf(order)
      if ('made' in outcome) return outcome.made
      if ('refused' in outcome) throw new RpcError(outcome.refused.code, outcome.refused.message)
      throw new Error(`a picture could not be worked at: ${outcome.failed}`)
    } finally {
      this.#hold(false)
    }
  }

  end(): void {
    this.#over()
    this.#child.kill('SIGKILL')
  }

  #begun(): Promise<void> {
    return new Promise((resolve, reject) => {
      const failed = () => reject(new Error('the process for pictures cannot be started'))
      const late = setTimeout(failed, PICTURE_START_MS)
      this.#child.once('message', () => {
        clearTimeout(late)
        resolve()
      })
      for (const event of ['exit', 'error'] as const) {
        this.#child.once(event, () => {
          clearTimeout(late)
          failed()
        })
      }
    })
  }

  #outcomeOf(order: PictureOrder): Promise<PictureOutcome> {
    return new Promise((resolve) => {
      const late = setTimeout(() => this.#fell('it took too long'), this.#timeoutMs)
      this.#answered = (outcome) => {
        clearTimeout(late)
        resolve(outcome)
      }
      if (this.#isOver) this.#answer(ENDED)
      else this.#child.send(order, (error) => error && this.end())
    })
  }

  #answer(outcome: PictureOutcome): void {
    const answered = this.#answered
    this.#answered = undefined
    answered?.(outcome)
  }

  #fell(why: string): void {
    if (this.#answered !== undefined) this.#lost(why)
    this.end()
  }

  #over(): void {
    this.#isOver = true
    this.#answer(ENDED)
  }

  /** One that only waits for work keeps nobody from ending. */
  #hold(isWanted: boolean): void {
    const { channel } = this.#child
    if (isWanted) {
      this.#child.ref()
      channel?.ref()
    } else {
      this.#child.unref()
      channel?.unref()
    }
  }
}

const processFailed = rpcError('IMAGE_PROCESS_FAILED')
const ENDED: PictureOutcome = {
  refused: { code: processFailed.code, message: processFailed.errorMessage },
}

/** It inherits no environment but the search path, and writes nowhere. */
function start(memoryBytes: number): ChildProcess {
  const node = [process.execPath, ...NODE_FLAGS, SCRIPT]
  const [program, ...args] =
    process.platform === 'win32' ? node : ['/bin/sh', '-c', limited(memoryBytes), 'sh', ...node]
  return spawn(program!, args, {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: { PATH: process.env.PATH, LANG: 'C' },
    // Buffers go over as they are.
    serialization: 'advanced',
  })
}
