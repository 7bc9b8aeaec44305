import { type ClientKey, ClientSession } from '@heliograph/gateway/mtproto'
import { type AnyCall, decodeObject, type Result } from '@heliograph/schemas/tl'
import { API_HASH, API_ID, introduced } from '../../clients/introduction.ts'
import type { Endpoints } from '../../start/endpoints.ts'
import { eventually } from '../eventually.ts'
import { RawLink, type RawLinkOptions } from './raw-link.ts'

const LAYER = 227

/** A call as a client writes it, its types unchecked: tests send wrong ones too. */
export interface RawCall {
  readonly _: string
  readonly [field: string]: unknown
}

export interface Service {
  readonly id: number
  readonly body: Buffer
}

/** A session on a raw link: honest by itself, but its messages can be forged. */
export class RawClient {
  readonly link: RawLink
  readonly key: ClientKey
  readonly session: ClientSession
  /** What came besides answers and updates. */
  readonly services: Service[] = []
  readonly updates: { readonly _: string }[] = []
  private introduced = false

  constructor(link: RawLink, key: ClientKey) {
    this.link = link
    this.key = key
    this.session = new ClientSession({
      authKey: key.authKey,
      salt: key.serverSalt,
      now: Date.now,
      send: (packet) => link.send(packet),
      onService: (body) => this.services.push({ id: body.readUInt32LE(0), body: Buffer.from(body) }),
      onUpdates: (body) => this.updates.push(decodeObject(body) as { _: string }),
    })
    link.onPacket = (packet) => this.session.receive(packet)
  }

  /** Connects and makes a key. */
  static async open(endpoints: Endpoints, options: RawLinkOptions = {}): Promise<RawClient> {
    const link = await RawLink.open(endpoints, options)
    return new RawClient(link, await link.exchange(endpoints))
  }

  /** Another connection and session on the same key. */
  async again(endpoints: Endpoints): Promise<RawClient> {
    return new RawClient(await RawLink.open(endpoints), { ...this.key, serverSalt: this.session.salt })
  }

  /** Runs a call; rejects with `RpcError`. */
  async call<R = unknown>(call: RawCall): Promise<R> {
    const wrapped = this.introduced ? call : rawIntroduced(call)
    this.introduced = true
    return (await this.session.request(wrapped as AnyCall, LAYER)) as R
  }

  /** Waits for a service message with the constructor. */
  service(id: number): Promise<Service> {
    return eventually(`a service message ${id.toString(16)}`, () =>
      this.services.find((service) => service.id === id),
    )
  }

  close(): void {
    this.link.close()
  }
}

/** As this client introduces itself. */
export const rawIntroduced = (query: RawCall): AnyCall => introduced(query, LAYER, 'raw')

/** Asks for a log-in code; gives what names the log-in. */
export async function askForCode(
  client: RawClient,
  phoneNumber: string,
): Promise<{ phoneNumber: string; phoneCodeHash: string }> {
  const settings = { _: 'codeSettings' }
  const request = { _: 'auth.sendCode', phoneNumber, apiId: API_ID, apiHash: API_HASH, settings }
  const sent = await client.call<Result<'auth.sendCode'>>(request)
  if (sent._ !== 'auth.sentCode') throw new Error(`unexpected ${sent._}`)
  return { phoneNumber, phoneCodeHash: sent.phoneCodeHash }
}

/** Signs in, or up under the name where the number is new; gives the user's id. */
export async function logIn(
  client: RawClient,
  phoneNumber: string,
  firstName: string,
  codeFor: (phone: string) => string | Promise<string>,
): Promise<number> {
  const code = await askForCode(client, phoneNumber)
  const signIn = { _: 'auth.signIn', ...code, phoneCode: await codeFor(phoneNumber) }
  let signed = await client.call<Result<'auth.signIn'>>(signIn)
  if (signed._ === 'auth.authorizationSignUpRequired')
    signed = await client.call<Result<'auth.signUp'>>({ _: 'auth.signUp', ...code, firstName, lastName: '' })
  if (signed._ !== 'auth.authorization') throw new Error(`unexpected ${signed._}`)
  return signed.user.id
}

/** What `client` has to name the account of the number by. */
export async function peerOf(
  client: RawClient,
  phone: string,
): Promise<{ userId: number; accessHash: bigint }> {
  const contact = { _: 'inputPhoneContact', clientId: 1n, phone, firstName: 'Known', lastName: '' }
  const imported = await client.call<Result<'contacts.importContacts'>>({
    _: 'contacts.importContacts',
    contacts: [contact],
  })
  const [user] = imported.users
  if (user?._ !== 'user' || user.accessHash === undefined) throw new Error('the number is not found')
  return { userId: user.id, accessHash: user.accessHash }
}

/** Sends a text. */
export function sendText(
  client: RawClient,
  peer: { userId: number; accessHash: bigint },
  message: string,
  randomId: bigint,
): Promise<unknown> {
  const input = { _: 'inputPeerUser', ...peer }
  return client.call({ _: 'messages.sendMessage', peer: input, message, randomId })
}
