import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { LogUnavailable, type Offset } from '../../log.ts'
import type { GroupListener, GroupMembership, Place } from '../client.ts'
import { HEARTBEAT_MS, MAX_QUICK_BEATS, OPERATION_TIMEOUT_MS, QUICK_BEAT_MS } from '../limits.ts'
import { OwnedPlaces } from '../owned-places.ts'
import { Backoff, persist } from '../retry.ts'
import { Code, failure } from './errors.ts'
import type { GroupCalls, Heartbeat } from './group-calls.ts'

const JOINING_EPOCH = 0
const LEAVING_EPOCH = -1

/**
 * A member of a group, for as long as it does not leave: it beats, takes and gives up what the broker says, and where the
 * broker has not heard of it for a session it gives everything up by itself and joins anew. (KIP-848: the broker gives a
 * partition to its next owner only when the one before has told that it is given up, or is silent.)
 */
export class GroupMember implements GroupMembership {
  readonly #calls: GroupCalls
  readonly #group: string
  readonly #topics: readonly string[]
  readonly #sessionMs: number
  readonly #owned: OwnedPlaces
  readonly #member = randomUUID()
  #epoch = JOINING_EPOCH
  #intervalMs = HEARTBEAT_MS
  /** Beats left that follow each other closely, for as long as nothing is assigned. */
  #quickBeats = MAX_QUICK_BEATS
  /** When the last beat was sent that the broker has answered. */
  #heardAt = Date.now()
  /** There is something to tell before the next beat is due. */
  #hasNews = false
  #isLeaving = false
  /** How often it was put out of the group. */
  #losses = 0
  #stopped = false
  #wake: (() => void) | undefined
  #beating: Promise<void> | undefined

  constructor(
    calls: GroupCalls,
    group: string,
    topics: readonly string[],
    sessionMs: number,
    listener: GroupListener,
  ) {
    this.#calls = calls
    this.#group = group
    this.#topics = topics
    this.#sessionMs = sessionMs
    this.#owned = new OwnedPlaces(listener)
  }

  /** Resolves when the broker has said what is this member's; rejects where it refuses the member. */
  join(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#beating = this.#beat(resolve, reject)
    })
  }

  /** Rejects with `LogUnavailable` at once where the member was put out of the group: what it had may be another's. */
  async commit(place: Place, next: Offset): Promise<void> {
    const losses = this.#losses
    const error = await persist(OPERATION_TIMEOUT_MS, () => this.#tryCommit(place, next, losses))
    if (error === Code.none) return
    const what = `commit of ${this.#group}`
    throw isFenced(error) ? new LogUnavailable(`${what}: not a member any more`) : failure(what, error)
  }

  async leave(): Promise<void> {
    if (this.#stopped || this.#isLeaving) return
    this.#isLeaving = true
    await this.#owned.become([])
    this.stop()
    await this.#beating
    try {
      await this.#calls.heartbeat(this.#group, this.#member, LEAVING_EPOCH, this.#topics, [])
    } catch (error) {
      // The broker will notice by itself.
      if (!(error instanceof LogUnavailable)) throw error
    }
  }

  /** Beats no more, without a word. */
  stop(): void {
    this.#stopped = true
    this.#wake?.()
  }

  async #tryCommit(place: Place, next: Offset, losses: number): Promise<number> {
    if (this.#epoch === JOINING_EPOCH || losses !== this.#losses) return Code.unknownMember
    const error = await this.#calls.commit(this.#group, this.#member, this.#epoch, place, next)
    // An old epoch passes with the next beat.
    if (error === Code.staleMemberEpoch) throw new LogUnavailable(`commit of ${this.#group}: an old epoch`)
    return error
  }

  async #beat(joined: () => void, refused: (error: unknown) => void): Promise<void> {
    const backoff = new Backoff()
    let isMember = false
    while (!this.#stopped) {
      try {
        if (await this.#once()) {
          isMember = true
          joined()
        }
        backoff.reset()
        await this.#untilDue()
      } catch (error) {
        if (!isMember && !(error instanceof LogUnavailable)) return refused(error)
        if (this.#isLost(error)) await this.#lose()
        if (!this.#stopped) await backoff.pause()
      }
    }
    refused(new LogUnavailable(`${this.#group}: the log was closed`))
  }

  /** One beat; resolves to whether the broker has said what is to be owned. */
  async #once(): Promise<boolean> {
    const sentAt = Date.now()
    this.#hasNews = false
    const answer = await this.#inSession(this.#send(), sentAt)
    if (isFenced(answer.error)) {
      await this.#lose()
      this.#hasNews = true
      return false
    }
    if (answer.error !== Code.none) throw failure(`group ${this.#group}`, answer.error)
    this.#heardAt = sentAt
    this.#epoch = answer.epoch
    if (answer.target === undefined || this.#isLeaving) return false
    this.#paceFor(answer)
    this.#become(answer.target)
    return true
  }

  /**
   * The broker's own interval is its default, of several seconds, until it has heard of the group's; and it assigns what a
   * new member gets a little after the member has joined.
   */
  #paceFor({ intervalMs, target }: Heartbeat): void {
    const waits = target?.length === 0 && this.#quickBeats > 0
    this.#quickBeats = waits ? this.#quickBeats - 1 : 0
    this.#intervalMs = waits ? QUICK_BEAT_MS : Math.min(intervalMs, HEARTBEAT_MS)
  }

  #send(): Promise<Heartbeat> {
    const owned = this.#epoch === JOINING_EPOCH ? [] : this.#owned.places
    return this.#calls.heartbeat(this.#group, this.#member, this.#epoch, this.#topics, owned)
  }

  /** What has been given up is told at once, so that its next owner need not wait. */
  #become(target: readonly Place[]): void {
    const done = this.#owned.become(target)
    if (this.#owned.isSettled) return
    void done.then(() => {
      this.#hasNews = true
      this.#wake?.()
    })
  }

  /** The answer, unless the session is over before: then others may own what this member has. */
  async #inSession(answer: Promise<Heartbeat>, sentAt: number): Promise<Heartbeat> {
    const leftMs = Math.max(this.#heardAt + this.#sessionMs - sentAt, HEARTBEAT_MS)
    const timer = new AbortController()
    const late = wait(leftMs, undefined, { signal: timer.signal }).then(
      () => {
        throw new LogUnavailable(`group ${this.#group}: no answer within the session`)
      },
      () => answer,
    )
    try {
      return await Promise.race([answer, late])
    } finally {
      timer.abort()
    }
  }

  #isLost(error: unknown): boolean {
    return !(error instanceof LogUnavailable) || Date.now() - this.#heardAt >= this.#sessionMs
  }

  /** Gives everything up, and is a stranger to the broker from now on. */
  async #lose(): Promise<void> {
    this.#epoch = JOINING_EPOCH
    this.#losses++
    this.#quickBeats = MAX_QUICK_BEATS
    await this.#owned.become([])
  }

  async #untilDue(): Promise<void> {
    if (this.#hasNews || this.#stopped) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#intervalMs)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#wake = undefined
  }
}

/** The broker has put the member out of the group. */
function isFenced(code: number): boolean {
  return code === Code.unknownMember || code === Code.fencedMemberEpoch
}
