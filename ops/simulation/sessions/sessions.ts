import type {
  AuthKeyId,
  Caller,
  SessionEngine,
  SessionHandle,
  SessionId,
  SessionPorts,
} from '@heliograph/gateway/mtproto'
import { type AnyCall, NEWEST_LAYER, RpcError } from '@heliograph/schemas/tl'
import type { Life } from '../world/life.ts'
import type { DeviceKey, Link } from './link.ts'

const CLIENT = {
  apiId: 1,
  deviceModel: 'simulated',
  systemVersion: '1',
  appVersion: '1',
  systemLangCode: 'en',
  langPack: '',
  langCode: 'en',
  address: '127.0.0.1',
}

/** What a call came to: a value, an error of the protocol, or no such auth key (-404). */
export type Outcome = { readonly value: unknown } | { readonly error: RpcError } | 'no key'

/** A session on this gateway. */
class Session implements SessionHandle {
  readonly permanentKeyId: AuthKeyId
  readonly sessionId: SessionId
  readonly layer = NEWEST_LAYER
  userId: number
  readonly link: Link

  constructor(link: Link, userId: number) {
    this.link = link
    this.permanentKeyId = link.key.id
    this.sessionId = link.sessionId
    this.userId = userId
  }

  push(updates: unknown): boolean {
    return this.link.tell({ updates })
  }
}

/**
 * Stands where the session engine stands: links bring calls, not packets, and are told values. Sessions attach and detach
 * by the engine's rules; everything above is as in production.
 */
export class SimulatedSessions implements SessionEngine {
  readonly life: Life
  readonly #ports: SessionPorts
  readonly #links = new Set<Link>()
  readonly #attached = new Map<Link, Session>()

  constructor(life: Life, ports: SessionPorts) {
    this.life = life
    this.#ports = ports
  }

  readonly openLink = (): never => {
    throw new Error('simulated clients send no packets')
  }

  sessionCount(): number {
    return this.#attached.size
  }

  keyChanged(permanent: AuthKeyId): void {
    for (const link of this.#links) if (link.key.id === permanent) this.#refresh(link)
  }

  dropKey(id: AuthKeyId): void {
    for (const link of [...this.#links]) if (link.key.id === id) link.close()
  }

  tell(permanent: AuthKeyId, updates: object): void {
    for (const link of this.#links) if (link.key.id === permanent) link.tell({ updates })
  }

  /** Taken off the engine by its owner, so it must know whose it is. */
  readonly close = (): void => this.broken()

  /** Links of a process that is gone. */
  broken(): void {
    for (const link of [...this.#links]) link.close()
  }

  open(link: Link): void {
    this.#links.add(link)
  }

  closed(link: Link): void {
    this.#links.delete(link)
    this.#detach(link)
  }

  /** Makes an auth key, as a key exchange would. */
  async createKey({ id, key }: DeviceKey): Promise<Outcome> {
    try {
      const createdAt = Math.floor(this.#ports.now() / 1000)
      await this.#ports.authKeys.create({ id, key, firstSalt: 1n, createdAt })
      return { value: true }
    } catch (error) {
      return { error: this.#errorOf(error, 'createKey') }
    }
  }

  async call(link: Link, query: AnyCall): Promise<Outcome> {
    try {
      const { authKeys } = this.#ports
      const key = authKeys.cached(link.key.id) ?? (await authKeys.load(link.key.id))
      if (key === undefined) return 'no key'
      authKeys.describe(key.id, NEWEST_LAYER, CLIENT)
      if (!query._.startsWith('auth.')) this.#refresh(link)
      const value = await this.#ports.dispatch(query, this.#callerOf(link))
      if (query._.startsWith('auth.')) this.#refresh(link)
      return { value }
    } catch (error) {
      return { error: this.#errorOf(error, query._) }
    }
  }

  #callerOf(link: Link): Caller {
    const { authKeys } = this.#ports
    return {
      authKeyId: link.key.id,
      permanentKeyId: link.key.id,
      sessionId: link.sessionId,
      get userId() {
        return authKeys.cached(link.key.id)?.userId
      },
      layer: NEWEST_LAYER,
      client: CLIENT,
      remoteAddress: CLIENT.address,
      msgId: 4n,
      withoutUpdates: false,
    }
  }

  #errorOf(error: unknown, where: string): RpcError {
    if (error instanceof RpcError) return error
    this.#ports.onBug(error, where)
    return new RpcError(500, 'INTERNAL')
  }

  #refresh(link: Link): void {
    const userId = this.#ports.authKeys.cached(link.key.id)?.userId
    const session = this.#attached.get(link)
    if (session !== undefined && session.userId !== userId) this.#detach(link)
    if (userId === undefined || this.#attached.has(link) || !link.isOpen) return
    const attached = new Session(link, userId)
    this.#attached.set(link, attached)
    this.#ports.observer.attached(attached)
  }

  #detach(link: Link): void {
    const session = this.#attached.get(link)
    if (session === undefined) return
    this.#attached.delete(link)
    if (!this.life.dead) this.#ports.observer.detached(session)
  }
}
