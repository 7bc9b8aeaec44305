import type { SessionId } from '@heliograph/gateway/mtproto'
import { type AnyCall, type Call, type MethodName, type Result, RpcError } from '@heliograph/schemas/tl'
import type { Slot } from '../processes/slot.ts'
import { type DeviceKey, type Heard, Link } from '../sessions/link.ts'
import type { Life } from '../world/life.ts'
import type { World } from '../world/world.ts'

/** A client waits so long for an answer; longer than a gateway waits for its actors. */
const ANSWER_TIMEOUT_MS = 15_000
/** Between two tries. */
const RETRY_WITHIN_MS = 1_000
/** What goes on for longer will not come to an end. */
export const PATIENCE_MS = 600_000

/** No answer: the call may or may not have been carried out. */
export class Unanswered extends Error {}

interface Waiting {
  resolve(value: unknown): void
  reject(error: Error): void
}

/** A client's way to the gateways: calls one until it breaks, then another. */
export class Connection {
  readonly key: DeviceKey
  readonly #world: World
  readonly #life: Life
  readonly #gateways: readonly Slot[]
  readonly #sessionId: SessionId
  readonly #onUpdates: (updates: unknown) => void
  readonly #waiting = new Map<number, Waiting>()
  #calls = 0
  #link: Link | undefined
  #links = 0
  /** Makes the client look for what it has missed. */
  onReconnect: () => void = () => {}

  constructor(
    world: World,
    life: Life,
    gateways: readonly Slot[],
    key: DeviceKey,
    sessionId: SessionId,
    onUpdates: (updates: unknown) => void,
  ) {
    this.#world = world
    this.#life = life
    this.#gateways = gateways
    this.key = key
    this.#sessionId = sessionId
    this.#onUpdates = onUpdates
  }

  /** Asks until there is an answer: a value, or a refusal that no other try would change. */
  async until<M extends MethodName>(method: M, args: Omit<Call<M>, '_'>): Promise<Result<M>> {
    return (await this.#until({ _: method, ...args } as never as AnyCall)) as Result<M>
  }

  /** Asks once. */
  async once<M extends MethodName>(method: M, args: Omit<Call<M>, '_'>): Promise<Result<M>> {
    return (await this.#ask({ _: method, ...args } as never as AnyCall)) as Result<M>
  }

  async createKey(): Promise<void> {
    await this.#until('createKey')
  }

  /** Breaks the connection; the next call makes another, perhaps to another gateway. */
  drop(): void {
    this.#link?.close()
    this.#link = undefined
  }

  async #until(query: AnyCall | 'createKey'): Promise<unknown> {
    const { time } = this.#world
    const startMs = time.nowMs
    for (;;) {
      try {
        return await this.#ask(query)
      } catch (error) {
        const isFinal = error instanceof RpcError && (!mayPass(error) || isSlow(error))
        if (isFinal || !(error instanceof RpcError || error instanceof Unanswered)) throw error
        if (time.nowMs - startMs > PATIENCE_MS)
          throw new Error(`${nameOf(query)} is never answered: ${error.message}`)
      }
      await time.sleep(time.random.below(RETRY_WITHIN_MS), this.#life)
    }
  }

  #ask(query: AnyCall | 'createKey'): Promise<unknown> {
    const link = this.#connected()
    if (link === undefined) return Promise.reject(new Unanswered('no gateway'))
    const call = ++this.#calls
    this.#world.time.trace.note(`${this.#life.name} calls ${nameOf(query)}`)
    return new Promise((resolve, reject) => {
      const late = this.#world.time.later(ANSWER_TIMEOUT_MS, this.#life, () => {
        this.#settle(call)?.reject(new Unanswered('no answer'))
        if (this.#link === link) this.drop()
      })
      const settle = (act: () => void) => () => {
        late.cancelled = true
        act()
      }
      this.#waiting.set(call, {
        resolve: (value) => settle(() => resolve(value))(),
        reject: (error) => settle(() => reject(error))(),
      })
      link.call(call, query)
    })
  }

  #connected(): Link | undefined {
    if (this.#link?.isOpen) return this.#link
    const up = this.#gateways.filter((slot) => slot.isUp && slot.sessions !== undefined)
    if (up.length === 0) return undefined
    const { sessions } = this.#world.time.random.pick(up)
    const as = { key: this.key, sessionId: this.#sessionId, name: `${this.#life.name}#${++this.#links}` }
    const link = new Link(
      this.#world,
      this.#life,
      sessions!,
      as,
      (heard) => this.#heard(link, heard),
      () => this.#broken(link),
    )
    const isNew = this.#links > 1
    this.#link = link
    if (isNew) this.onReconnect()
    return link
  }

  #heard(link: Link, heard: Heard): void {
    if ('updates' in heard) {
      if (link === this.#link) this.#onUpdates(heard.updates)
      return
    }
    const waiting = this.#settle(heard.call)
    const { outcome } = heard
    if (outcome === 'no key') waiting?.reject(new RpcError(404, 'AUTH_KEY_UNKNOWN'))
    else if ('error' in outcome) waiting?.reject(outcome.error)
    else waiting?.resolve(outcome.value)
  }

  #broken(link: Link): void {
    if (this.#link !== undefined && this.#link !== link) return
    this.#link = undefined
    for (const call of [...this.#waiting.keys()])
      this.#settle(call)?.reject(new Unanswered('the connection broke'))
  }

  #settle(call: number): Waiting | undefined {
    const waiting = this.#waiting.get(call)
    this.#waiting.delete(call)
    return waiting
  }
}

const mayPass = ({ code }: RpcError): boolean => code === 500 || code === 420
/** Who is to write more slowly does something else meanwhile. */
const isSlow = ({ errorMessage }: RpcError): boolean => errorMessage.startsWith('SLOWMODE_WAIT_')

const nameOf = (query: AnyCall | 'createKey'): string => (query === 'createKey' ? query : query._)
