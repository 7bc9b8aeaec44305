import { randomBytes } from 'node:crypto'
import {
  type AccountCommand,
  EmbeddedRegistry,
  RecordCodec,
  type Reply,
  type UserId,
} from '@heliograph/schemas/avro'
import type { Call, MethodName, Result } from '@heliograph/schemas/tl'
import * as storage from '@heliograph/storage'
import {
  MemoryBlobs,
  MemoryBus,
  MemoryStateCache,
  MemoryTables,
  type Mutation,
  memoryKeyring,
} from '@heliograph/storage'
import type { AuthKeyId, Caller, SessionId } from '../mtproto/ports.ts'
import type { Commander } from './commander.ts'
import { type GatewayConfig, gatewayConfig } from './config.ts'
import { ChatDirectory } from './directory/chats.ts'
import { UserDirectory } from './directory/directory.ts'
import { createDispatch } from './dispatch.ts'
import { LoggedAuthKeys } from './keys/auth-key-store.ts'
import { handlers } from './registry.ts'
import type { Services } from './services.ts'
import { Hearing } from './updates/hearing.ts'

/** For tests: the RPC layer on stores in memory, with a stand-in for the actors that obeys every account command. */

const FIRST_USER_ID = 1000

export interface Rig {
  readonly services: Services
  /** Codes shown on the terminal, latest last. */
  readonly codes: string[]
  /** Every command given, in order. */
  readonly commands: { readonly topic: string; readonly key: string; readonly record: { type: string } }[]
  nowMs: number
  caller(user?: number, name?: string): Caller & { userId: number | undefined }
  call<M extends MethodName>(method: M, args: Omit<Call<M>, '_'>, caller: Caller): Promise<Result<M>>
}

export async function testRig(config: Partial<GatewayConfig> = {}): Promise<Rig> {
  const codec = await RecordCodec.create(new EmbeddedRegistry())
  const rig = { codes: [], commands: [], nowMs: 1_800_000_000_000 } as unknown as {
    -readonly [K in keyof Rig]: Rig[K]
  }
  const nowMs = () => rig.nowMs
  const tables = new MemoryTables()
  await tables.create(storage.allTables)
  const bus = new MemoryBus((error) => {
    throw error
  })
  const shared = {
    tables,
    bus,
    blobs: new MemoryBlobs(nowMs),
    codec,
    cache: new MemoryStateCache(nowMs),
    keyring: memoryKeyring(),
    config: {
      ...gatewayConfig({
        node: 'test',
        dataCentre: { id: 2, address: '127.0.0.1', port: 443 },
        fixedCode: '12345',
      }),
      ...config,
    },
    loginCodes: { show: (_: string, code: string) => void rig.codes.push(code) },
    random: randomBytes,
    log: { info() {}, warn() {}, error() {} },
    nowMs,
  }
  const commands = new ObedientActors(tables, rig) as unknown as Commander
  const authKeys = new LoggedAuthKeys({ ...shared, commands })
  const directory = new UserDirectory(shared)
  const chats = new ChatDirectory(shared)
  const durable = async () => {}
  const services: Services = {
    ...shared,
    commands,
    authKeys,
    directory,
    chats,
    hearing: new Hearing(),
    durable,
    close() {},
  }
  const dispatch = createDispatch(services, handlers)
  return Object.assign(rig, {
    services,
    call: (method: string, args: object, caller: Caller) =>
      dispatch({ _: method, ...args } as never, caller) as never,
    caller: (userId: number | undefined = undefined, name = '01') => testCaller(userId, name),
  })
}

/** A caller on the auth key and session called `name` (two hexadecimal digits). */
export function testCaller(userId: number | undefined, name = '01') {
  return {
    authKeyId: name.repeat(8) as AuthKeyId,
    permanentKeyId: name.repeat(8) as AuthKeyId,
    sessionId: 'ff'.repeat(8) as SessionId,
    userId,
    layer: 229,
    client: undefined,
    remoteAddress: '127.0.0.1',
    msgId: 4n,
    withoutUpdates: false,
  }
}

/** Signs a new account up and returns its logged-in caller. */
export async function signUp(rig: Rig, phone: string, firstName: string, name = '01') {
  const caller = rig.caller(undefined, name)
  const sent = await rig.call('auth.sendCode', codeFor(phone), caller)
  const phoneCodeHash = 'phoneCodeHash' in sent ? sent.phoneCodeHash : ''
  const code = { phoneNumber: phone, phoneCodeHash }
  await rig.call('auth.signIn', { ...code, phoneCode: rig.codes.at(-1)! }, caller)
  const signedUp = await rig.call('auth.signUp', { ...code, firstName, lastName: '' }, caller)
  if (signedUp._ !== 'auth.authorization') throw new Error('no authorization')
  caller.userId = signedUp.user.id
  return caller as Caller & { userId: UserId }
}

export function codeFor(phoneNumber: string): Omit<Call<'auth.sendCode'>, '_'> {
  return { phoneNumber, apiId: 1, apiHash: 'x', settings: { _: 'codeSettings' } }
}

/** Does at once what the account actor would do, without its checks. */
class ObedientActors {
  readonly #tables: storage.Tables
  readonly #rig: Rig
  readonly #phones = new Map<string, UserId>()
  #reserved = 0
  #time = 0

  constructor(tables: storage.Tables, rig: Rig) {
    this.#tables = tables
    this.#rig = rig
  }

  async ask(topic: string, key: string, record: AccountCommand): Promise<Reply> {
    this.#rig.commands.push({ topic, key, record })
    const mutations = await this.#mutations(record)
    await this.#tables.apply(mutations, ++this.#time)
    const userId = record.type === 'ReservePhone' ? (this.#phones.get(record.phoneHmac) ?? null) : null
    return { type: 'Reply', request: 0, error: null, mailbox: null, channel: null, userId }
  }

  async #mutations(command: AccountCommand): Promise<Mutation[]> {
    const date = Math.floor(this.#rig.nowMs / 1000)
    switch (command.type) {
      case 'RegisterAuthKey':
        return [upsert(storage.authKeys, { ...NO_KEY, ...command, createdAt: date })]
      case 'BindAuthKey':
        return this.#changeKey(command.authKeyId, { permanentKeyId: command.permanentKeyId })
      case 'DescribeAuthKey':
        return this.#changeKey(command.authKeyId, { layer: command.layer, client: command.client })
      case 'LogInAuthKey': {
        const { authKeyId, userId } = command
        const row = { userId, authKeyId, layer: null, client: null, createdAt: date }
        return [...(await this.#changeKey(authKeyId, { userId })), upsert(storage.authorizations, row)]
      }
      case 'LogOutAuthKey': {
        const key = await this.#tables.get(storage.authKeys, { authKeyId: command.authKeyId })
        const gone = { userId: key?.userId ?? 0, authKeyId: command.authKeyId }
        return [
          ...(await this.#changeKey(command.authKeyId, { userId: null })),
          remove(storage.authorizations, gone),
        ]
      }
      case 'DestroyAuthKey':
        return [remove(storage.authKeys, { authKeyId: command.authKeyId })]
      case 'ReservePhone': {
        const { phoneHmac } = command
        const userId = this.#phones.get(phoneHmac) ?? ((FIRST_USER_ID + this.#reserved++) as UserId)
        this.#phones.set(phoneHmac, userId)
        return [upsert(storage.phones, { phoneHmac, userId })]
      }
      case 'ClaimPhone':
        this.#phones.set(command.phoneHmac, command.userId)
        return [upsert(storage.phones, command)]
      case 'AwaitPhone':
        return [upsert(storage.awaitedPhones, { ...command, date })]
      case 'TouchAuthKey':
        return this.#changeKey(command.authKeyId, { activeAt: date })
      case 'ClaimUsername':
        return [
          upsert(storage.usernames, command),
          upsert(storage.usernamePrefixes, { ...prefixKey(command.username), userId: command.userId }),
        ]
      case 'ReleaseUsername':
        return [
          remove(storage.usernames, { username: command.username }),
          remove(storage.usernamePrefixes, prefixKey(command.username)),
        ]
      default:
        return this.#userMutations(command, date)
    }
  }

  async #userMutations(command: AccountCommand, date: number): Promise<Mutation[]> {
    switch (command.type) {
      case 'CreateUser':
        return [upsert(storage.users, { username: null, createdAt: date, activeAt: date, ...command })]
      case 'DeleteUser': {
        const row = await this.#tables.get(storage.users, { userId: command.userId })
        const gone = { profile: Buffer.alloc(0), privacy: null, username: null, deletedAt: date }
        this.#phones.delete(row?.phoneHmac ?? '')
        return [
          upsert(storage.users, { ...row, ...gone }),
          remove(storage.phones, { phoneHmac: row?.phoneHmac ?? '' }),
        ]
      }
      case 'TouchUser': {
        const row = await this.#tables.get(storage.users, { userId: command.userId })
        return [upsert(storage.users, { ...row, activeAt: date })]
      }
      case 'UpdateProfile':
      case 'ChangePhone':
      case 'SetPrivacy':
      case 'SetUsername': {
        const row = await this.#tables.get(storage.users, { userId: command.userId })
        return [upsert(storage.users, { ...row, ...command })]
      }
      case 'PutContacts':
        return command.contacts.map((contact) =>
          upsert(storage.contacts, { userId: command.userId, ...contact, date }),
        )
      case 'DeleteContacts':
        return command.contactIds.map((contactId) =>
          remove(storage.contacts, { userId: command.userId, contactId }),
        )
      case 'SetBlocked': {
        const key = { userId: command.userId, peerId: command.peerId }
        return [command.blocked ? upsert(storage.blocked, { ...key, date }) : remove(storage.blocked, key)]
      }
      case 'PutSetting': {
        const { userId, name, sealed } = command
        const key = { userId, name }
        return [
          sealed === null ? remove(storage.settings, key) : upsert(storage.settings, { ...key, sealed }),
        ]
      }
      default:
        return []
    }
  }

  async #changeKey(authKeyId: string, change: object): Promise<Mutation[]> {
    const row = (await this.#tables.get(storage.authKeys, { authKeyId })) ?? { ...NO_KEY, authKeyId }
    return [upsert(storage.authKeys, { ...row, ...change })]
  }
}

const NO_KEY = {
  sealedKey: null,
  firstSalt: 0n,
  expiresAt: null,
  permanentKeyId: null,
  userId: null,
  layer: null,
  client: null,
  createdAt: 0,
  loggedInAt: null,
}

const prefixKey = (username: string) => ({
  prefix: username.slice(0, storage.USERNAME_PREFIX_LENGTH),
  username,
})

/** The columns of the table out of a record that may hold more. */
function upsert(table: storage.TableDeclaration, values: object): Mutation {
  const known = values as Record<string, unknown>
  const row = Object.fromEntries(Object.keys(table.columns).map((name) => [name, known[name] ?? null]))
  return { kind: 'upsert', table, row }
}

function remove(table: storage.TableDeclaration, key: storage.RowKey): Mutation {
  return { kind: 'delete', table, key }
}
