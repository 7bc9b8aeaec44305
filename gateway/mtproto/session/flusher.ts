import type { Session } from './session.ts'

/**
 * Gathers the sessions that have something to send. All messages of one turn of the event loop (an answer, acknowledgements,
 * updates) leave in one packet, which saves encryption and system calls.
 */
export class Flusher {
  #dirty: Session[] = []
  #scheduled = false
  readonly #defer: (flush: () => void) => void
  readonly #flush: (session: Session) => void

  constructor(defer: (flush: () => void) => void, flush: (session: Session) => void) {
    this.#defer = defer
    this.#flush = flush
  }

  mark(session: Session): void {
    if (session.dirty) return
    session.dirty = true
    this.#dirty.push(session)
    if (this.#scheduled) return
    this.#scheduled = true
    this.#defer(this.#run)
  }

  readonly #run = (): void => {
    const sessions = this.#dirty
    this.#dirty = []
    this.#scheduled = false
    for (const session of sessions) {
      session.dirty = false
      this.#flush(session)
    }
  }
}
