import type { ChatId, UserId } from '@heliograph/schemas/avro'
import type { Subscription } from '@heliograph/storage'
import type { SessionHandle } from '../mtproto/ports.ts'
import type { Floor } from './floors.ts'

/** Updates of one user that may wait while one is being prepared; more are lost, and clients see the gap by pts. */
export const MAX_WAITING_UPDATES = 10_000

/** What a step gives the sessions: a value of `Updates`, or nothing. */
export type Pushed = object | undefined

/**
 * The sessions of one user on this node. Updates go out in the order in which they came, although some have to be looked
 * up first: while one is being prepared the later ones wait.
 */
export class UserFeed {
  readonly userId: UserId
  sessions: readonly SessionHandle[] = []
  subscription: Subscription | undefined
  /** Users whose presence this one is told of. */
  watched: Set<UserId> | undefined
  /** Groups and channels that it hears of, and when it was last known to be in each. */
  chats: Map<ChatId, number> | undefined
  /** What is hidden from it in those of them where that had to be looked up. */
  floors: Map<ChatId, Floor> | undefined
  /** Channels that all of its sessions have been shown in full. */
  #shown: Set<ChatId> | undefined
  #waiting: (() => void)[] | undefined

  constructor(userId: UserId) {
    this.userId = userId
  }

  attach(session: SessionHandle): void {
    if (this.sessions.includes(session)) return
    this.sessions = this.sessions.concat(session)
    this.#shown = undefined
  }

  /**
   * True the first time that it is asked about a channel, and again when another session has come since: clients that keep nothing
   * over a restart know a channel by what they were told since, and `min` constructors have no access hash to ask with.
   */
  isNewTo(chatId: ChatId): boolean {
    this.#shown ??= new Set()
    if (this.#shown.has(chatId)) return false
    this.#shown.add(chatId)
    return true
  }

  /** It is out of the channel: whoever comes back is shown it again. */
  forget(chatId: ChatId): void {
    this.floors?.delete(chatId)
    this.#shown?.delete(chatId)
  }

  /** True when no session is left. */
  detach(session: SessionHandle): boolean {
    this.sessions = this.sessions.filter((other) => other !== session)
    return this.sessions.length === 0
  }

  /** Whether a session other than `origin` would see an update. */
  hasOthers(origin: string): boolean {
    return this.sessions.length > 1 || (this.sessions.length === 1 && originOf(this.sessions[0]!) !== origin)
  }

  /**
   * Pushes what `prepare` gives to all sessions but `origin`, after everything that was given before. `onPushed` is told when
   * the sessions have it.
   */
  give(
    origin: string,
    prepare: () => Pushed | Promise<Pushed>,
    onError: (error: unknown) => void,
    onPushed?: () => void,
  ): void {
    if (this.#waiting !== undefined) {
      if (this.#waiting.length < MAX_WAITING_UPDATES)
        this.#waiting.push(() => this.#run(origin, prepare, onError, onPushed))
      return
    }
    this.#run(origin, prepare, onError, onPushed)
  }

  #run(
    origin: string,
    prepare: () => Pushed | Promise<Pushed>,
    onError: (error: unknown) => void,
    onPushed: (() => void) | undefined,
  ): void {
    let prepared: Pushed | Promise<Pushed>
    try {
      prepared = prepare()
    } catch (error) {
      onError(error)
      return
    }
    if (!(prepared instanceof Promise)) {
      if (prepared !== undefined) this.#push(origin, prepared, onPushed)
      return
    }
    this.#waiting ??= []
    prepared
      .then((updates) => updates !== undefined && this.#push(origin, updates, onPushed))
      .catch(onError)
      .finally(() => this.#resume())
  }

  /** Runs what waited, up to the next that has to be waited for. */
  #resume(): void {
    const waiting = this.#waiting ?? []
    this.#waiting = undefined
    for (const [index, run] of waiting.entries()) {
      run()
      // The type checker does not see that `run` sets it again.
      const now = this.#waiting as (() => void)[] | undefined
      if (now === undefined) continue
      now.push(...waiting.slice(index + 1))
      return
    }
  }

  #push(origin: string, updates: object, onPushed: (() => void) | undefined): void {
    // From the end, since a session that takes no more is removed meanwhile.
    for (let index = this.sessions.length - 1; index >= 0; index--) {
      const session = this.sessions[index]!
      if (origin === '' || originOf(session) !== origin) session.push(updates)
    }
    onPushed?.()
  }
}

/** A session as updates name it: auth key id and session id in hexadecimal. */
export const originOf = (session: SessionHandle): string => session.permanentKeyId + session.sessionId
