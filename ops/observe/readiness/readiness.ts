/** Why a process cannot do its work now. */
export interface Reason {
  readonly what: string
  readonly why: string
}
/** Resolves where all is well; rejects, or resolves to the reason, where it is not. */
export type Probe = () => Promise<string | undefined> | string | undefined

/** A store that takes longer to answer is not there. */
export const PROBE_TIMEOUT_MS = 2_000
/** However often somebody asks, the stores are asked at most this often. */
export const PROBED_FOR_MS = 1_000
const MAX_REASON_LENGTH = 200

/** Whether a process can do its work: every probe says so, everything awaited has come, and it is not ending. */
export class Readiness {
  readonly #probes = new Map<string, Probe>()
  readonly #awaited = new Map<string, string>()
  #draining = false
  #last: Promise<Reason[]> | undefined
  #staleAt = 0

  probe(what: string, probe: Probe): void {
    this.#probes.set(what, probe)
  }

  /** Not ready before `arrived(what)`. */
  await(what: string, why: string): void {
    this.#awaited.set(what, why)
  }

  arrived(what: string): void {
    this.#awaited.delete(what)
  }

  /** From now on the process is about to end: it finishes, and gets nothing new. */
  drain(): void {
    this.#draining = true
  }

  /** Empty where the process is ready. */
  async reasons(): Promise<readonly Reason[]> {
    const reasons: Reason[] = [...this.#awaited].map(([what, why]) => ({ what, why }))
    if (this.#draining) reasons.push({ what: 'process', why: 'is ending' })
    return [...reasons, ...(await this.#probed())]
  }

  #probed(): Promise<Reason[]> {
    const now = performance.now()
    if (this.#last === undefined || now >= this.#staleAt) {
      this.#staleAt = now + PROBED_FOR_MS
      this.#last = this.#ask()
    }
    return this.#last
  }

  async #ask(): Promise<Reason[]> {
    const asked = [...this.#probes].map(async ([what, probe]) => ({ what, why: await outcome(probe) }))
    const answers = await Promise.all(asked)
    return answers.flatMap(({ what, why }) => (why === undefined ? [] : [{ what, why }]))
  }
}

function outcome(probe: Probe): Promise<string | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(`no answer within ${PROBE_TIMEOUT_MS} ms`), PROBE_TIMEOUT_MS)
    const settle = (why: string | undefined) => {
      clearTimeout(timer)
      resolve(why)
    }
    const ask = async () => probe()
    ask().then(settle, (error: unknown) => settle(described(error)))
  })
}

function described(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, MAX_REASON_LENGTH) : 'failed'
}
