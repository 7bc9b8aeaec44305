/** An engine on a fake clock with in-memory links and stores, for the tests beside it. */
import type { AnyCall } from '@heliograph/schemas/tl'
import { authKeyIdOf } from '../crypto/auth-key-id.ts'
import { randomBytes } from '../crypto/random.ts'
import type { RsaKey } from '../handshake/rsa-key.ts'
import type {
  AuthKey,
  AuthKeyId,
  AuthKeyStore,
  Caller,
  ClientInfo,
  Dispatch,
  LinkKind,
  PacketLink,
  PacketReceiver,
  SessionHandle,
} from '../ports.ts'
import { ClientSession } from './client.ts'
import { createSessionEngine, type SessionEngine } from './engine.ts'
import type { SessionLimits } from './limits.ts'
import { SaltSource } from './salts.ts'

export const START_MS = 1_790_000_000_000
const SECRET = Buffer.alloc(32, 7)
const CLIENT: ClientInfo = {
  apiId: 1,
  deviceModel: 'rig',
  systemVersion: '1',
  appVersion: '1',
  systemLangCode: 'en',
  langPack: '',
  langCode: 'en',
  address: '127.0.0.1',
}

export class MemoryKeys implements AuthKeyStore {
  readonly keys = new Map<AuthKeyId, AuthKey>()
  readonly uncached = new Set<AuthKeyId>()
  readonly described: string[] = []
  /** Set to make the next durable writes wait. */
  gate: Promise<void> = Promise.resolve()

  cached(id: AuthKeyId): AuthKey | undefined {
    return this.uncached.has(id) ? undefined : this.keys.get(id)
  }

  async load(id: AuthKeyId): Promise<AuthKey | undefined> {
    await this.gate
    this.uncached.delete(id)
    return this.keys.get(id)
  }

  async create(key: AuthKey): Promise<void> {
    await this.gate
    this.keys.set(key.id, key)
  }

  async bind(temporary: AuthKeyId, permanent: AuthKeyId): Promise<void> {
    await this.gate
    this.keys.get(temporary)!.boundTo = permanent
  }

  async destroy(id: AuthKeyId): Promise<void> {
    await this.gate
    this.keys.delete(id)
  }

  describe(id: AuthKeyId, layer: number, client: ClientInfo | undefined): void {
    this.described.push(`${id} ${layer} ${client?.deviceModel}`)
  }

  /** A new key, logged in as `userId` and initialised unless told otherwise. */
  make(options: Partial<AuthKey> = {}): AuthKey {
    const bytes = randomBytes(256)
    const key: AuthKey = {
      id: authKeyIdOf(bytes),
      key: Buffer.from(bytes),
      firstSalt: randomBytes(8).readBigInt64LE(),
      createdAt: START_MS / 1000,
      layer: 223,
      client: CLIENT,
      ...options,
    }
    this.keys.set(key.id, key)
    return key
  }
}

export class MemoryLink implements PacketLink {
  readonly kind: LinkKind
  readonly remoteAddress = '127.0.0.1'
  readonly sent: Buffer[] = []
  readonly quickAcks: number[] = []
  transportError: number | undefined
  isClosed = false
  buffered = 0
  /** Gets every packet that the server sends. */
  onPacket: ((packet: Buffer) => void) | undefined
  receiver!: PacketReceiver

  constructor(kind: LinkKind) {
    this.kind = kind
  }

  send(packet: Uint8Array): void {
    this.sent.push(Buffer.from(packet))
    this.onPacket?.(Buffer.from(packet))
  }

  sendQuickAck(token: number): void {
    this.quickAcks.push(token)
  }

  sendTransportError(code: -404 | -429 | -444): void {
    this.transportError = code
    this.isClosed = true
  }

  bufferedBytes(): number {
    return this.buffered
  }

  close(): void {
    this.isClosed = true
  }
}

export interface RigOptions {
  readonly limits?: Partial<SessionLimits>
  readonly rsaKey?: RsaKey
}

/** What a client saw besides answers. */
export interface Seen {
  readonly updates: Buffer[]
  readonly service: {
    readonly id: number
    readonly body: Buffer
    readonly msgId: bigint
    readonly seqNo: number
  }[]
}

export class Rig {
  nowMs = START_MS
  readonly authKeys = new MemoryKeys()
  readonly bugs: unknown[] = []
  readonly calls: { readonly call: AnyCall; readonly caller: Caller }[] = []
  readonly attached = new Set<SessionHandle>()
  readonly events: string[] = []
  answer: Dispatch = async () => true
  /** Called after each round of flushes, as the sockets' own writing is. */
  onFlush = () => {}
  readonly engine: SessionEngine
  readonly #salts = new SaltSource(SECRET)
  #deferred: (() => void)[] = []
  #tick: () => void = () => {}

  constructor(options: RigOptions = {}) {
    this.engine = createSessionEngine(
      {
        authKeys: this.authKeys,
        dispatch: (call, caller) => {
          this.calls.push({ call, caller })
          return this.answer(call, caller)
        },
        observer: {
          attached: (session) => {
            this.attached.add(session)
            this.events.push('attached')
          },
          detached: (session) => {
            this.attached.delete(session)
            this.events.push('detached')
          },
        },
        rsaKey: options.rsaKey as RsaKey,
        now: () => this.nowMs,
        random: randomBytes,
        saltSecret: SECRET,
        defer: (flush) => void this.#deferred.push(flush),
        every: (_intervalMs, tick) => {
          this.#tick = tick
          return () => {}
        },
        onBug: (error) => void this.bugs.push(error),
      },
      options.limits,
    )
  }

  salt(key: AuthKey): bigint {
    return this.#salts.salt(key.id, Math.floor(this.nowMs / 1000 / 1800))
  }

  link(kind: LinkKind = 'tcp'): MemoryLink {
    const link = new MemoryLink(kind)
    link.receiver = this.engine.openLink(link)
    return link
  }

  /** A client session of the key on a link; `seen` collects what is pushed to it. */
  client(
    key: AuthKey,
    link: MemoryLink = this.link(),
  ): { client: ClientSession; link: MemoryLink; seen: Seen } {
    const seen: Seen = { updates: [], service: [] }
    let current = link
    const client = new ClientSession({
      authKey: key.key,
      salt: this.salt(key),
      now: () => this.nowMs,
      send: (packet) => current.receiver.packet(packet, false),
      onUpdates: (body) => void seen.updates.push(Buffer.from(body)),
      onService: (body, msgId, seqNo) =>
        void seen.service.push({ id: body.readUInt32LE(0), body: Buffer.from(body), msgId, seqNo }),
    })
    link.onPacket = (packet) => void client.receive(packet)
    return {
      client,
      seen,
      get link() {
        return current
      },
      set link(next: MemoryLink) {
        current = next
        next.onPacket = (packet) => void client.receive(packet)
      },
    }
  }

  /** Lets promises and deferred flushes run until nothing is left to do. */
  async settle(): Promise<void> {
    for (let i = 0; i < 8; i++) {
      for (let j = 0; j < 20; j++) await Promise.resolve()
      const deferred = this.#deferred
      this.#deferred = []
      for (const flush of deferred) flush()
      this.onFlush()
    }
  }

  async advance(ms: number): Promise<void> {
    this.nowMs += ms
    this.#tick()
    await this.settle()
  }
}
