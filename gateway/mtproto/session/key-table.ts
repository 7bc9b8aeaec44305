import type { AuthKey, AuthKeyId, SessionId } from '../ports.ts'
import { arm } from './arm.ts'
import { detachFromObserver } from './attachment.ts'
import type { Context } from './context.ts'
import { KeyState } from './key-state.ts'
import { Session } from './session.ts'

/** Keys looked at, at most, for a session to give up when the engine is full. */
const KEYS_LOOKED_AT = 256

/** Auth keys in use and their sessions, both bounded. */
export class KeyTable {
  readonly #keys = new Map<AuthKeyId, KeyState>()
  readonly #byOwner = new Map<AuthKeyId, Set<KeyState>>()
  #sessionCount = 0
  #ctx: Context | undefined

  /** Completes the construction: the table and its context know each other. */
  bindTo(ctx: Context): void {
    this.#ctx = ctx
  }

  get sessionCount(): number {
    return this.#sessionCount
  }

  /** Sessions whose link takes no more; looks at all of them. */
  stalledCount(): number {
    let count = 0
    for (const { sessions } of this.#keys.values()) for (const { stalled } of sessions) if (stalled) count++
    return count
  }

  /** The state of a key that the store has just returned, made when it is not in use yet. */
  use(key: AuthKey, owner: AuthKey): KeyState {
    const known = this.#keys.get(key.id)
    if (known) {
      known.key = key
      if (known.owner !== owner) this.#changeOwner(known, owner)
      return known
    }
    const state = new KeyState(key, owner)
    this.#keys.set(key.id, state)
    this.#own(state)
    return state
  }

  /** A session of the key, made when it is new; undefined when the engine is full of connected ones. */
  session(key: KeyState, id: SessionId): Session | undefined {
    const known = key.session(id)
    if (known) return known
    if (key.sessions.length >= this.#context.limits.sessionsPerKey) this.removeSession(leastUsed(key))
    if (this.#sessionCount >= this.#context.limits.sessions && !this.#makeRoom()) return undefined
    // A key whose last session ended while a link still held its state.
    if (!this.#keys.has(key.id)) this.#restore(key)
    const session = new Session(this.#context.host, key, id)
    key.sessions = key.sessions.concat(session)
    this.#sessionCount++
    // Until a link carries it, it is as good as left.
    session.lingerDueMs = this.#context.ports.now() + this.#context.limits.sessionLingerMs
    arm(this.#context, session, session.lingerDueMs)
    return session
  }

  /** Ends a session: nothing is sent to it or kept for it any more. */
  removeSession(session: Session): void {
    const { key } = session
    if (!key.sessions.includes(session)) return
    detachFromObserver(this.#context, session)
    key.sessions = key.sessions.filter((other) => other !== session)
    this.#sessionCount--
    session.closed = true
    session.links = []
    session.outbox = []
    session.calls = session.answers = session.pushes = undefined
    if (key.sessions.length === 0) this.#forget(key)
  }

  /** The states of a key and of the temporary keys that speak for it. */
  statesOf(id: AuthKeyId): KeyState[] {
    const own = this.#keys.get(id)
    const bound = [...(this.#byOwner.get(id) ?? [])]
    return own && !bound.includes(own) ? [own, ...bound] : bound
  }

  /** Ends all sessions of a key that has been destroyed. */
  removeKey(state: KeyState): void {
    state.destroyed = true
    for (const session of [...state.sessions]) this.removeSession(session)
    this.#forget(state)
  }

  get #context(): Context {
    if (!this.#ctx) throw new Error('the key table is used before it is bound to its context')
    return this.#ctx
  }

  /** Gives up a session without a connection, so that ones left behind keep nobody out. The keys take turns at being looked at. */
  #makeRoom(): boolean {
    for (let i = Math.min(KEYS_LOOKED_AT, this.#keys.size); i > 0; i--) {
      const [id, state] = this.#keys.entries().next().value!
      this.#keys.delete(id)
      this.#keys.set(id, state)
      const left = state.sessions.find((session) => session.links.length === 0)
      if (left === undefined) continue
      this.removeSession(left)
      return true
    }
    return false
  }

  #restore(state: KeyState): void {
    this.#keys.set(state.id, state)
    this.#own(state)
  }

  #own(state: KeyState): void {
    const states = this.#byOwner.get(state.owner.id)
    if (states) states.add(state)
    else if (state.owner.id !== state.id) this.#byOwner.set(state.owner.id, new Set([state]))
  }

  #disown(state: KeyState): void {
    const states = this.#byOwner.get(state.owner.id)
    states?.delete(state)
    if (states?.size === 0) this.#byOwner.delete(state.owner.id)
  }

  #changeOwner(state: KeyState, owner: AuthKey): void {
    this.#disown(state)
    state.owner = owner
    this.#own(state)
  }

  #forget(state: KeyState): void {
    if (this.#keys.get(state.id) === state) this.#keys.delete(state.id)
    this.#disown(state)
  }
}

/** The session to give up for a new one: preferably one without a connection, else the one made first. */
function leastUsed(key: KeyState): Session {
  return key.sessions.find((session) => session.links.length === 0) ?? key.sessions[0]!
}
