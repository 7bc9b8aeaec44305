import { readFile } from 'node:fs/promises'
import { MemoryStorage, TelegramClient } from '@mtcute/node'
import { addPublicKey, NodeCryptoProvider } from '@mtcute/node/utils.js'
import type { Endpoints } from '../start/endpoints.ts'
import { API_HASH, API_ID } from './introduction.ts'
import { type MtcuteFraming, tcpTransport } from './mtcute-transport.ts'

/** Wait before a lost connection is made again. */
export const RECONNECT_MS = 100

export interface MtcuteOptions {
  readonly framing?: MtcuteFraming
  /** Temporary keys: perfect forward secrecy. */
  readonly usePfs?: boolean
  readonly storage?: MemoryStorage
}

export interface Person {
  readonly phone: string
  readonly firstName: string
  readonly lastName?: string
}

/** An mtcute client of this server; nothing but address, port and key differs from one of Telegram's. */
export async function mtcuteClient(
  endpoints: Endpoints,
  options: MtcuteOptions = {},
): Promise<TelegramClient> {
  const crypto = new NodeCryptoProvider()
  await crypto.initialize()
  addPublicKey(crypto, await readFile(endpoints.rsaPublicKey, 'utf8'))
  return new TelegramClient({
    apiId: API_ID,
    apiHash: API_HASH,
    storage: options.storage ?? new MemoryStorage(),
    crypto,
    transport: tcpTransport(options.framing ?? 'intermediate'),
    // Servers die and come back at once here; the client would hold back its connections after the first few.
    network: { usePfs: options.usePfs ?? false, floodControl: false },
    defaultDcs: dataCentres(endpoints),
    logLevel: 0,
    updates: { catchUp: true },
    reconnectionStrategy: () => RECONNECT_MS,
  })
}

/** The server as clients of mtcute want it named. */
export function dataCentres(endpoints: Endpoints) {
  const colon = endpoints.tcp.lastIndexOf(':')
  const dc = {
    id: endpoints.dcId,
    ipAddress: endpoints.tcp.slice(0, colon),
    port: Number(endpoints.tcp.slice(colon + 1)),
  }
  return { main: dc, media: { ...dc, mediaOnly: true } }
}

/** Signs in, or up where the number is new, with the code that `codeFor` gets told of. */
export async function mtcuteLogin(
  client: TelegramClient,
  person: Person,
  codeFor: (phone: string) => Promise<string>,
): Promise<void> {
  const sent = await client.call({
    _: 'auth.sendCode',
    phoneNumber: person.phone,
    apiId: API_ID,
    apiHash: API_HASH,
    settings: { _: 'codeSettings' },
  })
  if (sent._ !== 'auth.sentCode') throw new Error(`unexpected ${sent._}`)
  const code = { phoneNumber: person.phone, phoneCodeHash: sent.phoneCodeHash }
  let authorization = await client.call({ _: 'auth.signIn', ...code, phoneCode: await codeFor(person.phone) })
  if (authorization._ === 'auth.authorizationSignUpRequired') {
    const name = { firstName: person.firstName, lastName: person.lastName ?? '' }
    authorization = await client.call({ _: 'auth.signUp', ...code, ...name })
  }
  await client.notifyLoggedIn(authorization)
}
