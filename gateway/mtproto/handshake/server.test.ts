import { randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { authKeyIdOf } from '../crypto/auth-key-id.ts'
import { sealAnswer, temporaryAes } from './answer-cipher.ts'
import { ClientExchange, type ClientExchangeOptions, type ClientKey } from './client.ts'
import { writeClientInnerData } from './client-inner-data.ts'
import { createHalfKey, PRIME, toBigInt } from './dh-group.ts'
import { factorise } from './factors.ts'
import { type InnerData, writeInnerData } from './inner-data.ts'
import { readPlainMessage, writePlainMessage } from './plain-message.ts'
import { generateRsaKey } from './rsa-key.ts'
import { type PaddingKind, wrapInnerData } from './rsa-padding.ts'
import { EXCHANGE_LIFETIME_MS, type ExchangeOutcome, KeyExchange, MAX_EXCHANGES_PER_LINK } from './server.ts'
import { SharedExchanges } from './shared-exchanges.ts'
import { ID, int, long, tlBytes, WireReader } from './wire.ts'

const rsaKey = generateRsaKey()
const NOW = 1_700_000_000_000

type Receiver = Pick<KeyExchange, 'receive'>

/** Runs an exchange to the end, letting the first `refusals` keys be taken. */
function run(server: Receiver, options: Partial<ClientExchangeOptions> = {}, refusals = 0) {
  const client = new ClientExchange({ rsaKey, ...options })
  let outcome = server.receive(client.start(NOW), NOW)
  for (let left = refusals; ; ) {
    if (outcome.failed !== undefined) throw new Error(outcome.failed)
    const key = outcome.completed
    const refused = key !== undefined && left-- > 0
    const answer = client.receive(refused ? key.refuse() : (key?.reply ?? outcome.reply!), NOW)
    if (answer.failed !== undefined) throw new Error(answer.failed)
    if (answer.completed !== undefined) return { server: key!, client: answer.completed as ClientKey }
    outcome = server.receive(answer.reply!, NOW)
  }
}

describe('a key exchange', () => {
  const kinds: [string, Partial<ClientExchangeOptions>][] = [
    ['without data centre', {}],
    ['with data centre', { dc: 2 }],
    ['with a media data centre', { dc: -2 }],
    ['with a test data centre', { dc: 10002 }],
    ['temporary without data centre', { expiresIn: 86400 }],
    ['temporary with data centre', { dc: 1, expiresIn: 86400 }],
    ['by req_pq', { legacyRequest: true }],
  ]

  describe.each(['rsa-pad', 'sha1'] as PaddingKind[])('with padding %s', (padding) => {
    it.each(kinds)('%s ends with one key on both sides', (_name, options) => {
      const { server, client } = run(new KeyExchange({ rsaKey }), { padding, ...options })
      expect(server.key.key).toHaveLength(256)
      expect(server.key.key).toEqual(client.authKey)
      expect(server.key.id).toBe(authKeyIdOf(client.authKey))
      expect(server.key).toMatchObject({ firstSalt: client.serverSalt, createdAt: Math.floor(NOW / 1000) })
      const expiresAt = options.expiresIn === undefined ? undefined : NOW / 1000 + options.expiresIn
      expect(server.key.expiresAt).toBe(expiresAt)
    })
  })

  it.each([
    [2, 2],
    [-2, 2],
    [10_002, 2],
    [-10_004, 4],
    [0, undefined],
    [undefined, undefined],
  ])('remembers of data centre %s which one it is: %s', (dc, dataCentreId) => {
    const { server } = run(new KeyExchange({ rsaKey }), dc === undefined ? {} : { dc })
    expect(server.key.dataCentreId).toBe(dataCentreId)
  })

  it('can follow another on the same link', () => {
    const exchange = new KeyExchange({ rsaKey })
    const first = run(exchange)
    const second = run(exchange, { expiresIn: 3600 })
    expect(second.server.key.id).not.toBe(first.server.key.id)
    expect(exchange.halfOpen).toBe(false)
  })

  it('makes the same key when a client chooses a short exponent', () => {
    const { server, client } = run(new KeyExchange({ rsaKey }), { exponentBytes: 32 })
    expect(client.authKey).toHaveLength(256)
    expect(server.key.key).toEqual(client.authKey)
  })

  it('starts over when the client does', () => {
    const exchange = new KeyExchange({ rsaKey })
    exchange.receive(new ClientExchange({ rsaKey }).start(NOW), NOW)
    expect(exchange.halfOpen).toBe(true)
    run(exchange)
  })

  it('answers a probe whose message id is 1', () => {
    const reply = new KeyExchange({ rsaKey }).receive(new ClientExchange({ rsaKey }).start(NOW, 1n), NOW)
      .reply!
    expect(new WireReader(readPlainMessage(reply)).id()).toBe(ID.resPQ)
  })

  it('tolerates padding behind the unencrypted message', () => {
    const start = new ClientExchange({ rsaKey }).start(NOW)
    const padded = Buffer.concat([start, randomBytes(12)])
    expect(new KeyExchange({ rsaKey }).receive(padded, NOW).reply).toBeDefined()
  })

  it('answers with growing message ids that are 1 modulo 4', () => {
    const exchange = new KeyExchange({ rsaKey })
    const ids = [0, 0, 5].map((later) => {
      const reply = exchange.receive(new ClientExchange({ rsaKey }).start(NOW), NOW + later).reply!
      return reply.readBigInt64LE(8)
    })
    expect(ids.every((id) => id % 4n === 1n)).toBe(true)
    expect(ids[0]! < ids[1]! && ids[1]! < ids[2]!).toBe(true)
    expect(ids[0]! >> 32n).toBe(BigInt(NOW / 1000))
  })

  it('asks for another half when the id of the key is taken, three times at most', () => {
    const { server, client } = run(new KeyExchange({ rsaKey }), {}, 3)
    expect(server.key.key).toEqual(client.authKey)
    expect(() => run(new KeyExchange({ rsaKey }), {}, 4)).toThrow('dh_gen_fail')
  })

  it('over HTTP takes each message from any connection', () => {
    const shared = new SharedExchanges({ rsaKey })
    const { server, client } = run(shared)
    expect(server.key.key).toEqual(client.authKey)
    expect(
      shared.receive(writePlainMessage(4n, Buffer.concat([int(ID.req_DH_params), randomBytes(32)])), NOW),
    ).toEqual({
      failed: 'unexpected',
    })
    expect(shared.receive(Buffer.alloc(24), NOW)).toEqual({ failed: 'malformed' })
  })
})

/** A client without scruples: each message by hand, each field replaceable. */
class Attacker {
  readonly exchange = new KeyExchange({ rsaKey })
  readonly nonce = randomBytes(16)
  readonly newNonce = randomBytes(32)
  serverNonce: Buffer = Buffer.alloc(16)
  inner: InnerData

  constructor() {
    const reply = this.send(Buffer.concat([int(ID.req_pq_multi), this.nonce])).reply!
    const reader = new WireReader(readPlainMessage(reply))
    reader.expect(ID.resPQ)
    reader.raw(16)
    this.serverNonce = Buffer.from(reader.raw(16))
    const pq = Buffer.from(reader.bytes())
    const { nonce, serverNonce, newNonce } = this
    this.inner = { pq, ...factorise(pq)!, nonce, serverNonce, newNonce }
  }

  send(body: Buffer, nowMs = NOW): ExchangeOutcome {
    return this.exchange.receive(writePlainMessage(4n, body), nowMs)
  }

  dhParams(
    changes: Partial<Record<'nonce' | 'serverNonce' | 'p' | 'q' | 'encrypted', Uint8Array>> = {},
    fingerprint = rsaKey.fingerprint,
  ): Buffer {
    const encrypted = changes.encrypted ?? this.wrapped()
    return Buffer.concat([
      int(ID.req_DH_params),
      changes.nonce ?? this.nonce,
      changes.serverNonce ?? this.serverNonce,
      tlBytes(changes.p ?? this.inner.p),
      tlBytes(changes.q ?? this.inner.q),
      long(fingerprint),
      tlBytes(encrypted),
    ])
  }

  wrapped(changes: Partial<InnerData> = {}, padding: PaddingKind = 'rsa-pad'): Buffer {
    return wrapInnerData(rsaKey, writeInnerData({ ...this.inner, ...changes }), padding, randomBytes)
  }

  clientParams(changes: { nonce?: Buffer; serverNonce?: Buffer; encrypted?: Buffer } = {}): Buffer {
    return Buffer.concat([
      int(ID.set_client_DH_params),
      changes.nonce ?? this.nonce,
      changes.serverNonce ?? this.serverNonce,
      tlBytes(changes.encrypted ?? this.half()),
    ])
  }

  half(changes: { nonce?: Buffer; serverNonce?: Buffer; retryId?: bigint; gB?: Uint8Array } = {}): Buffer {
    const { nonce, serverNonce } = this
    const gB = changes.gB ?? createHalfKey(randomBytes).publicValue
    const data = writeClientInnerData({ nonce, serverNonce, retryId: 0n, ...changes, gB })
    return sealAnswer(temporaryAes(this.newNonce, this.serverNonce), data, randomBytes)
  }
}

const flip = (bytes: Uint8Array) => {
  const changed = Buffer.from(bytes)
  changed[changed.length - 1]! ^= 1
  return changed
}

describe('req_DH_params is refused, always alike,', () => {
  let attacker: Attacker
  beforeEach(() => {
    attacker = new Attacker()
  })
  const refused = (body: Buffer) => {
    expect(attacker.send(body)).toEqual({ failed: 'refused' })
    // Nothing that follows on this link helps.
    expect(attacker.send(attacker.dhParams())).toEqual({ failed: 'unexpected' })
  }

  it('not when all is right', () => {
    expect(attacker.send(attacker.dhParams()).reply).toBeDefined()
  })
  it('for another nonce', () => refused(attacker.dhParams({ nonce: flip(attacker.nonce) })))
  it('for another server nonce', () =>
    refused(attacker.dhParams({ serverNonce: flip(attacker.serverNonce) })))
  it('for another p', () => refused(attacker.dhParams({ p: flip(attacker.inner.p) })))
  it('for another q', () => refused(attacker.dhParams({ q: flip(attacker.inner.q) })))
  it('for p and q exchanged', () => refused(attacker.dhParams({ p: attacker.inner.q, q: attacker.inner.p })))
  it('for an unknown fingerprint', () => refused(attacker.dhParams({}, rsaKey.fingerprint ^ 1n)))
  it('for random bytes in place of the encrypted data', () => {
    refused(attacker.dhParams({ encrypted: Buffer.concat([Buffer.alloc(1), randomBytes(255)]) }))
  })
  it('for a number above the modulus', () =>
    refused(attacker.dhParams({ encrypted: Buffer.alloc(256, 0xff) })))
  it('for encrypted data of another size', () => {
    refused(attacker.dhParams({ encrypted: attacker.wrapped().subarray(1) }))
  })

  describe.each(['rsa-pad', 'sha1'] as PaddingKind[])('in inner data with padding %s', (padding) => {
    it.each(['pq', 'p', 'q', 'nonce', 'serverNonce'] as const)('for another %s', (field) => {
      const changes = { [field]: flip(attacker.inner[field]) }
      refused(attacker.dhParams({ encrypted: attacker.wrapped(changes, padding) }))
    })
    it.each([0, -1])('for a lifetime of %i s', (expiresIn) => {
      refused(attacker.dhParams({ encrypted: attacker.wrapped({ expiresIn }, padding) }))
    })
    it('for a wrong hash', () => {
      const encrypted = wrapInnerData(rsaKey, randomBytes(140), padding, randomBytes)
      refused(attacker.dhParams({ encrypted }))
    })
  })
})

describe('set_client_DH_params is refused, always alike,', () => {
  let attacker: Attacker
  beforeEach(() => {
    attacker = new Attacker()
    attacker.send(attacker.dhParams())
  })
  const refused = (body: Buffer) => {
    expect(attacker.send(body)).toEqual({ failed: 'refused' })
    expect(attacker.send(attacker.clientParams())).toEqual({ failed: 'unexpected' })
  }
  const P = toBigInt(PRIME)
  const bytesOf = (value: bigint) => Buffer.from(value.toString(16).padStart(512, '0'), 'hex')

  it('not when all is right', () => {
    expect(attacker.send(attacker.clientParams()).completed).toBeDefined()
  })
  it('for another nonce', () => refused(attacker.clientParams({ nonce: flip(attacker.nonce) })))
  it('for another server nonce', () =>
    refused(attacker.clientParams({ serverNonce: flip(attacker.serverNonce) })))
  it('for another nonce inside', () => {
    refused(attacker.clientParams({ encrypted: attacker.half({ nonce: flip(attacker.nonce) }) }))
  })
  it('for another server nonce inside', () => {
    refused(attacker.clientParams({ encrypted: attacker.half({ serverNonce: flip(attacker.serverNonce) }) }))
  })
  it('for a retry that was not asked for', () => {
    refused(attacker.clientParams({ encrypted: attacker.half({ retryId: 1n }) }))
  })
  it('for changed bytes', () => refused(attacker.clientParams({ encrypted: flip(attacker.half()) })))
  it('for partial blocks', () => {
    refused(attacker.clientParams({ encrypted: attacker.half().subarray(0, -1) }))
  })
  it('for nothing', () => refused(attacker.clientParams({ encrypted: Buffer.alloc(0) })))
  it.each([
    ['0', 0n],
    ['1', 1n],
    ['p - 1', P - 1n],
    ['p', P],
    ['p + 1', P + 1n],
    ['2^1984 - 1', 2n ** 1984n - 1n],
    ['p - 2^1984 + 1', P - 2n ** 1984n + 1n],
  ])('for a g_b of %s', (_name, value) => {
    refused(attacker.clientParams({ encrypted: attacker.half({ gB: bytesOf(value) }) }))
  })
  it('not for a g_b at the ends of the range', () => {
    expect(
      attacker.send(attacker.clientParams({ encrypted: attacker.half({ gB: bytesOf(2n ** 1984n) }) }))
        .completed,
    ).toBeDefined()
  })
  it('when it is sent twice: each exponent serves one key', () => {
    attacker.send(attacker.clientParams())
    expect(attacker.send(attacker.clientParams())).toEqual({ failed: 'unexpected' })
  })
})

describe('bounds of the exchange', () => {
  it('messages out of order end it', () => {
    const attacker = new Attacker()
    expect(attacker.send(attacker.clientParams())).toEqual({ failed: 'unexpected' })
    const fresh = new KeyExchange({ rsaKey })
    expect(fresh.receive(writePlainMessage(4n, attacker.dhParams()), NOW)).toEqual({ failed: 'unexpected' })
  })

  it('a half-open exchange expires', () => {
    const first = new Attacker()
    expect(first.send(first.dhParams(), NOW + EXCHANGE_LIFETIME_MS + 1)).toEqual({ failed: 'expired' })
    const second = new Attacker()
    second.send(second.dhParams(), NOW + EXCHANGE_LIFETIME_MS - 1)
    expect(second.send(second.clientParams(), NOW + EXCHANGE_LIFETIME_MS + 1)).toEqual({ failed: 'expired' })
  })

  it('a link begins no more than so many', () => {
    const exchange = new KeyExchange({ rsaKey })
    const start = new ClientExchange({ rsaKey }).start(NOW)
    for (let i = 0; i < MAX_EXCHANGES_PER_LINK; i++) expect(exchange.receive(start, NOW).reply).toBeDefined()
    expect(exchange.receive(start, NOW)).toEqual({ failed: 'too-many' })
  })

  it('no packet makes it throw', () => {
    const attacker = new Attacker()
    const good = writePlainMessage(4n, attacker.dhParams())
    for (let cut = 0; cut < good.length; cut += 3) {
      const outcome = new KeyExchange({ rsaKey }).receive(good.subarray(0, cut), NOW)
      expect(outcome.failed).toBeDefined()
    }
    for (let size = 0; size < 400; size += 4) {
      const exchange = new Attacker().exchange
      const body = Buffer.concat([int(ID.req_DH_params), randomBytes(size)])
      expect(exchange.receive(writePlainMessage(4n, body), NOW).failed).toBeDefined()
    }
    const encrypted = Buffer.concat([randomBytes(8), randomBytes(100)])
    expect(new KeyExchange({ rsaKey }).receive(encrypted, NOW)).toEqual({ failed: 'malformed' })
  })
})
