import { createSessionEngine, generateRsaKey, randomBytes } from '@heliograph/gateway/mtproto'
import { type GatewayConfig, gatewayConfig } from '@heliograph/gateway/rpc'
import { channelChatId, EmbeddedRegistry } from '@heliograph/schemas/avro'
import type { AnyCall, Call, MethodName, Result, Tl } from '@heliograph/schemas/tl'
import {
  MemoryBlobs,
  MemoryBus,
  MemoryStateCache,
  MemoryTables,
  memoryKeyring,
  userChats,
} from '@heliograph/storage'
import { MemoryLog } from '@heliograph/topics'
import { compose, type Ports, type System } from '../start/compose.ts'

/** For tests: a whole system in this process, on memory, that is called above sockets and sessions. */

const LOGIN_CODE = '12345'
const SESSION_BYTES = 8
const KEY_BYTES = 256
const MAX_USER_CHATS = 1_000

export type Args<M extends MethodName> = Omit<Call<M>, '_'>
type Below = Pick<Parameters<typeof createSessionEngine>[0], 'dispatch' | 'authKeys'>
type Dispatch = Below['dispatch']
type Caller = Parameters<Dispatch>[1]

/** An account with one logged-in session, and the access hashes that it has been told. */
export class Person {
  readonly id: number
  readonly phone: string
  readonly #dispatch: Dispatch
  readonly #caller: Caller
  readonly #hashes: Map<string, bigint>

  constructor(dispatch: Dispatch, caller: Caller, phone: string, hashes: Map<string, bigint>) {
    this.id = caller.userId ?? 0
    this.phone = phone
    this.#dispatch = dispatch
    this.#caller = caller
    this.#hashes = hashes
  }

  async call<M extends MethodName>(method: M, args: Args<M>): Promise<Result<M>> {
    const result = await this.#dispatch({ _: method, ...args } as unknown as AnyCall, this.#caller)
    remember(this.#hashes, result)
    return result as Result<M>
  }

  /** The other as this one names it; 0 as access hash where it was never told one. */
  user({ id }: { readonly id: number }): Tl<'inputUser'> {
    return { _: 'inputUser', userId: id, accessHash: this.#hashes.get(`user${id}`) ?? 0n }
  }

  peer({ id }: { readonly id: number }): Tl<'inputPeerUser'> {
    return { _: 'inputPeerUser', userId: id, accessHash: this.#hashes.get(`user${id}`) ?? 0n }
  }

  channel(channelId: number): Tl<'inputChannel'> {
    return { _: 'inputChannel', channelId, accessHash: this.#hashes.get(`channel${channelId}`) ?? 0n }
  }

  channelPeer(channelId: number): Tl<'inputPeerChannel'> {
    return { ...this.channel(channelId), _: 'inputPeerChannel' }
  }

  /** Learns the others' addresses, as from an address book, and they its. */
  async meets(...others: readonly Person[]): Promise<void> {
    for (const other of others) {
      await this.#addsNumber(other)
      await other.#addsNumber(this)
    }
  }

  async #addsNumber({ phone, id }: Person): Promise<void> {
    const contact = {
      _: 'inputPhoneContact',
      clientId: 1n,
      phone,
      firstName: `Known ${id}`,
      lastName: '',
    } as const
    await this.call('contacts.importContacts', { contacts: [contact] })
  }
}

export class World {
  /** Milliseconds that its clock is ahead of the machine's. */
  aheadMs = 0
  isLuckless = false
  readonly #below: Below
  readonly #system: System
  readonly #ports: Ports
  #people = 0

  private constructor(below: Below, system: System, ports: Ports) {
    this.#below = below
    this.#system = system
    this.#ports = ports
  }

  static async start(config: Partial<GatewayConfig> = {}): Promise<World> {
    let below: Below | undefined
    let world: World | undefined
    const nowMs = () => Date.now() + (world?.aheadMs ?? 0)
    const gateway = gatewayConfig({
      node: 'refusals',
      dataCentre: { id: 2, address: '127.0.0.1', port: 0 },
      fixedCode: LOGIN_CODE,
    })
    const fail = (error: unknown) => {
      throw error
    }
    const ports = { ...memoryPorts(nowMs), random: (size: number) => world?.drawn(size) ?? randomBytes(size) }
    const system = await compose(ports, {
      gateway: { ...gateway, ...config },
      partitions: 1,
      rsaKey: generateRsaKey(),
      createEngine: (ports) => {
        below = ports
        return createSessionEngine(ports)
      },
      loginCodes: { show() {} },
      log: { info() {}, warn() {}, error() {} },
      onFatal: fail,
    })
    if (below === undefined) throw new Error('no session engine was made')
    world = new World(below, system, ports)
    return world
  }

  /** Bytes of luck: always the same ones while `isLuckless`. */
  drawn(sizeBytes: number): Buffer {
    return this.isLuckless ? Buffer.alloc(sizeBytes, 7) : randomBytes(sizeBytes)
  }

  /** Puts somebody in as many chats as anybody may be in; there is nothing in them. */
  async fillUp({ id: userId }: { readonly id: number }): Promise<void> {
    const table = userChats
    const rows = Array.from({ length: MAX_USER_CHATS }, (_, i) => ({
      userId,
      chatId: channelChatId(1 + i),
      date: 1,
    }))
    await this.#ports.tables.apply(
      rows.map((row) => ({ kind: 'upsert', table, row })),
      Date.now(),
    )
  }

  /** Signs a new account up on an auth key of its own. */
  async person(firstName: string): Promise<Person> {
    const number = ++this.#people
    const phone = `99966${String(number).padStart(7, '0')}`
    const caller = callerOn(number)
    const { dispatch, authKeys } = this.#below
    const key = Buffer.alloc(KEY_BYTES, number)
    await authKeys.create({ id: caller.authKeyId, key, firstSalt: 0n, createdAt: 0 })
    const ask = async (call: { readonly _: MethodName }) =>
      (await dispatch(call as unknown as AnyCall, caller)) as Record<string, unknown>
    const settings = { _: 'codeSettings' }
    const code = { _: 'auth.sendCode', phoneNumber: phone, apiId: 1, apiHash: 'x', settings } as const
    const { phoneCodeHash } = await ask(code)
    const shown = { phoneNumber: phone, phoneCodeHash }
    const entered = { _: 'auth.signIn', ...shown, phoneCode: LOGIN_CODE } as const
    await ask(entered)
    const named = { _: 'auth.signUp', ...shown, firstName, lastName: '' } as const
    const { user } = await ask(named)
    return new Person(dispatch, { ...caller, userId: (user as { id: number }).id }, phone, new Map())
  }

  async stop(): Promise<void> {
    await this.#system.stop()
  }
}

function callerOn(number: number): Caller {
  const key = number.toString(16).padStart(16, '0') as Caller['authKeyId']
  return {
    authKeyId: key,
    permanentKeyId: key,
    sessionId: randomBytes(SESSION_BYTES).toString('hex') as Caller['sessionId'],
    userId: undefined,
    layer: 229,
    client: undefined,
    remoteAddress: '127.0.0.1',
    msgId: 4n,
    withoutUpdates: false,
  }
}

function memoryPorts(nowMs: () => number): Ports {
  return {
    log: new MemoryLog(),
    tables: new MemoryTables(),
    cache: new MemoryStateCache(nowMs),
    bus: new MemoryBus(),
    blobs: new MemoryBlobs(nowMs),
    keyring: memoryKeyring(),
    registry: new EmbeddedRegistry(),
    nowMs,
    random: randomBytes,
  }
}

interface Named {
  readonly _: string
  readonly id: number
  readonly accessHash?: bigint
}

/** Users and chats stand on top of a result, or of the updates in it. */
function remember(hashes: Map<string, bigint>, result: unknown): void {
  const { users = [], chats = [], updates } = (result ?? {}) as Told
  for (const { _, id, accessHash } of [...users, ...chats])
    if (accessHash !== undefined) hashes.set(`${_}${id}`, accessHash)
  if (updates !== undefined && !Array.isArray(updates)) remember(hashes, updates)
}

interface Told {
  readonly users?: readonly Named[]
  readonly chats?: readonly Named[]
  readonly updates?: unknown
}
