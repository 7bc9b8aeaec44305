import { createHash, createPublicKey } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import bigInt from 'big-integer'
import { Api, TelegramClient } from 'telegram'
import { _serverKeys } from 'telegram/crypto/RSA.js'
import { Logger, PromisedNetSockets, PromisedWebSockets } from 'telegram/extensions/index.js'
import { LogLevel } from 'telegram/extensions/Logger.js'
import { ConnectionTCPAbridged, ConnectionTCPFull, ConnectionTCPObfuscated } from 'telegram/network/index.js'
import { StringSession } from 'telegram/sessions/index.js'
import type { Endpoints } from '../start/endpoints.ts'
import { API_HASH, API_ID } from './introduction.ts'
import type { Person } from './mtcute.ts'

const CONNECTIONS = {
  tcp: ConnectionTCPFull,
  'tcp abridged': ConnectionTCPAbridged,
  'tcp obfuscated': ConnectionTCPObfuscated,
  websocket: ConnectionTCPObfuscated,
} as const

export type GramjsTransport = keyof typeof CONNECTIONS

/** A GramJS client of this server, over TCP (full, unless another framing is named) or WebSocket (obfuscated). */
export async function gramjsClient(
  endpoints: Endpoints,
  transport: GramjsTransport,
  session = '',
): Promise<TelegramClient> {
  await trustKey(endpoints.rsaPublicKey)
  const tcp = new URL(`tcp://${endpoints.tcp}`)
  const http = new URL(endpoints.http)
  class NetSockets extends PromisedNetSockets {
    override connect(_port: number, _ip: string) {
      return super.connect(Number(tcp.port), tcp.hostname)
    }
  }
  class WebSockets extends PromisedWebSockets {
    override getWebSocketLink() {
      return `ws://${http.host}/apiws`
    }
  }
  const store = new StringSession(session)
  if (session === '') store.setDC(endpoints.dcId, tcp.hostname, 443)
  return new TelegramClient(store, API_ID, API_HASH, {
    connection: CONNECTIONS[transport],
    networkSocket: transport === 'websocket' ? WebSockets : NetSockets,
    connectionRetries: 20,
    retryDelay: 100,
    baseLogger: new Logger(LogLevel.NONE),
    useWSS: transport === 'websocket',
  })
}

/** GramJS keeps its keys by signed decimal fingerprint. */
async function trustKey(pemPath: string): Promise<void> {
  const jwk = createPublicKey(await readFile(pemPath, 'utf8')).export({ format: 'jwk' })
  const n = Buffer.from(jwk.n ?? '', 'base64url')
  const e = Buffer.from(jwk.e ?? '', 'base64url')
  const digest = createHash('sha1').update(tlBytes(n)).update(tlBytes(e)).digest()
  const fingerprint = digest.readBigInt64LE(12).toString()
  _serverKeys.set(fingerprint, {
    n: bigInt(n.toString('hex'), 16),
    e: Number(bigInt(e.toString('hex'), 16)),
  } as never)
}

function tlBytes(content: Buffer): Buffer {
  const prefix =
    content.length < 254
      ? Buffer.from([content.length])
      : Buffer.from([254, content.length & 255, (content.length >> 8) & 255, content.length >> 16])
  const padding = (4 - ((prefix.length + content.length) % 4)) % 4
  return Buffer.concat([prefix, content, Buffer.alloc(padding)])
}

/** Signs in or up by raw calls, as a user's program would. */
export async function gramjsLogin(
  client: TelegramClient,
  person: Person,
  codeFor: (phone: string) => Promise<string>,
): Promise<void> {
  await client.connect()
  const sent = await client.sendCode({ apiId: API_ID, apiHash: API_HASH }, person.phone)
  const code = { phoneNumber: person.phone, phoneCodeHash: sent.phoneCodeHash }
  const phoneCode = await codeFor(person.phone)
  const result = await client.invoke(new Api.auth.SignIn({ ...code, phoneCode }))
  if (result instanceof Api.auth.AuthorizationSignUpRequired) {
    const name = { firstName: person.firstName, lastName: person.lastName ?? '' }
    await client.invoke(new Api.auth.SignUp({ ...code, ...name }))
  }
}
