import { readFile } from 'node:fs/promises'
import { ClientExchange, type ClientKey, ClientSession, parseRsaPublicKey } from '@heliograph/gateway/mtproto'
import {
  type AnyCall,
  type Call,
  decodeObject,
  encodeObject,
  type MethodName,
  NEWEST_LAYER,
  type Result,
} from '@heliograph/schemas/tl'
import type { Endpoints } from '../start/endpoints.ts'
import { API_HASH, API_ID, introduced } from './introduction.ts'

/** As long as `http_wait` keeps a request open at most, in milliseconds. */
const LONGEST_WAIT_MS = 10_000

/** A client over HTTP: each packet is a request of its own, and updates come where one is kept waiting. */
export class HttpClient {
  /** In the order in which they came. */
  readonly updates: { readonly _: string }[] = []
  /** Constructor ids of what came besides answers and updates. */
  readonly services: number[] = []
  readonly #session: ClientSession
  #introduced = false

  /** @param key as `exchangeOverHttp` gives it */
  constructor(endpoints: Endpoints, key: ClientKey) {
    this.#session = new ClientSession({
      authKey: key.authKey,
      salt: key.serverSalt,
      now: () => Date.now() + key.timeOffset * 1000,
      send: (packet) => void this.#post(endpoints, packet),
      onUpdates: (body) => void this.updates.push(decodeObject(body)),
      onService: (body) => void this.services.push(body.readUInt32LE(0)),
    })
  }

  /** Runs a call; rejects with `RpcError`. */
  async call<M extends MethodName>(method: M, args: Omit<Call<M>, '_'>): Promise<Result<M>> {
    const query = { _: method, ...args } as unknown as AnyCall
    const call = this.#introduced ? query : introduced(query, NEWEST_LAYER, 'http')
    this.#introduced = true
    return (await this.#session.request(call)) as Result<M>
  }

  /** Keeps one request at the server until there is something to say; nothing may come of it. */
  longPoll(): void {
    const wait = { _: 'http_wait', maxDelay: 0, waitAfter: 0, maxWait: LONGEST_WAIT_MS } as const
    this.#session.sendService(encodeObject(wait))
  }

  async #post(endpoints: Endpoints, packet: Buffer): Promise<void> {
    const answer = await post(endpoints, packet)
    if (answer.length > 0) this.#session.receive(answer)
  }
}

/** Makes an auth key over HTTP. */
export async function exchangeOverHttp(endpoints: Endpoints): Promise<ClientKey> {
  const rsaKey = parseRsaPublicKey(await readFile(endpoints.rsaPublicKey, 'utf8'))
  const exchange = new ClientExchange({ rsaKey })
  let packet = exchange.start(Date.now())
  for (;;) {
    const outcome = exchange.receive(await post(endpoints, packet), Date.now())
    if (outcome.completed !== undefined) return outcome.completed
    if (outcome.reply === undefined) throw new Error(`the key exchange failed: ${outcome.failed}`)
    packet = outcome.reply
  }
}

/** One packet there, one back; empty where the server had nothing to say. */
async function post(endpoints: Endpoints, packet: Buffer): Promise<Buffer> {
  const response = await fetch(`${endpoints.http}/api`, { method: 'POST', body: new Uint8Array(packet) })
  if (!response.ok) throw new Error(`HTTP ${response.status}`)
  return Buffer.from(await response.arrayBuffer())
}

/** Signs up under a new number; gives the user's id. */
export async function httpSignUp(
  client: HttpClient,
  phoneNumber: string,
  firstName: string,
  phoneCode: string,
): Promise<number> {
  const settings = { _: 'codeSettings' } as const
  const api = { apiId: API_ID, apiHash: API_HASH }
  const sent = await client.call('auth.sendCode', { phoneNumber, ...api, settings })
  if (sent._ !== 'auth.sentCode') throw new Error(`unexpected ${sent._}`)
  const attempt = { phoneNumber, phoneCodeHash: sent.phoneCodeHash }
  await client.call('auth.signIn', { ...attempt, phoneCode })
  const signed = await client.call('auth.signUp', { ...attempt, firstName, lastName: '' })
  if (signed._ !== 'auth.authorization') throw new Error(`unexpected ${signed._}`)
  return signed.user.id
}
