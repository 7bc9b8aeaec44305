import type { Caller } from '../../mtproto/ports.ts'
import type { Services } from '../services.ts'

/** Bytes of files that one session may have on their way to it: read, queued, or in its socket's buffer. */
export const MAX_UNSENT_PER_SESSION_BYTES = 4 * 1024 * 1024
/** The same for all sessions of a gateway together; beyond it only those that have taken all they were given get more. */
export const MAX_UNSENT_BYTES = 256 * 1024 * 1024
/** How often it is looked whether there is room for those who wait. */
const LOOK_AGAIN_MS = 10
/** After so many looks a call goes on in any case: its session is closed, or will be for its slowness. */
const MAX_LOOKS = 6_000

type Reader = Pick<Caller, 'sessionId' | 'unsentBytes'>
interface Waiting {
  readonly reader: Reader
  readonly bytes: number
  looks: number
  readonly go: () => void
}

/**
 * Keeps what slow readers have asked for on the disk until they have taken what they were given: a session's calls wait here,
 * and hold nothing meanwhile.
 */
export class FileFlow {
  /** Bytes that are being read, by session. */
  readonly #reading = new Map<string, number>()
  /** Sessions that may have something before them. */
  readonly #readers = new Map<string, Reader>()
  readonly #later: (look: () => void) => void
  #waiting: Waiting[] = []

  constructor(later = (look: () => void): void => void setTimeout(look, LOOK_AGAIN_MS)) {
    this.#later = later
  }

  /** Runs `read`, which gives up to `bytes`, when there is room for it. */
  async run<T>(reader: Reader, bytes: number, read: () => Promise<T>): Promise<T> {
    const own = this.#unsentTo(reader)
    if (own === 0 || fits(own, this.#unsent(), bytes)) this.#take(reader, bytes)
    else await new Promise<void>((go) => this.#wait({ reader, bytes, looks: 0, go }))
    try {
      return await read()
    } finally {
      const left = (this.#reading.get(reader.sessionId) ?? 0) - bytes
      if (left > 0) this.#reading.set(reader.sessionId, left)
      else this.#reading.delete(reader.sessionId)
    }
  }

  #take(reader: Reader, bytes: number): void {
    this.#readers.set(reader.sessionId, reader)
    this.#reading.set(reader.sessionId, (this.#reading.get(reader.sessionId) ?? 0) + bytes)
  }

  #wait(waiting: Waiting): void {
    if (this.#waiting.push(waiting) === 1) this.#later(this.#look)
  }

  /** Lets those go on, in their order, for whom there is room now. */
  readonly #look = (): void => {
    let unsent = this.#unsent()
    const before = this.#waiting
    this.#waiting = before.filter((waiting) => {
      const { reader, bytes, go } = waiting
      const own = this.#unsentTo(reader)
      if (own > 0 && !fits(own, unsent, bytes) && ++waiting.looks < MAX_LOOKS) return true
      this.#take(reader, bytes)
      unsent += bytes
      go()
      return false
    })
    if (this.#waiting.length > 0) this.#later(this.#look)
  }

  #unsentTo(reader: Reader): number {
    return (this.#reading.get(reader.sessionId) ?? 0) + (reader.unsentBytes?.() ?? 0)
  }

  #unsent(): number {
    let sum = 0
    for (const [sessionId, reader] of this.#readers) {
      const unsent = this.#unsentTo(reader)
      if (unsent === 0) this.#readers.delete(sessionId)
      sum += unsent
    }
    return sum
  }
}

const fits = (own: number, all: number, bytes: number): boolean =>
  own + bytes <= MAX_UNSENT_PER_SESSION_BYTES && all + bytes <= MAX_UNSENT_BYTES

const flows = new WeakMap<Services['blobs'], FileFlow>()

/** The flow of files out of this gateway. */
export function flowOf({ blobs }: Pick<Services, 'blobs'>): FileFlow {
  let flow = flows.get(blobs)
  if (flow === undefined) {
    flow = new FileFlow()
    flows.set(blobs, flow)
  }
  return flow
}
