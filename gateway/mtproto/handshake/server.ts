/** The server's side of the key exchange (core.telegram.org/mtproto/auth_key): packets and time in, packets and keys out. */
import { authKeyIdOf, newNonceHash } from '../crypto/auth-key-id.ts'
import { equalBytes, sha1 } from '../crypto/hash.ts'
import type { AesKeyIv } from '../crypto/message-key.ts'
import { randomBytes } from '../crypto/random.ts'
import type { AuthKey, RandomBytes } from '../ports.ts'
import { openAnswer, sealAnswer, temporaryAes } from './answer-cipher.ts'
import { readClientInnerData } from './client-inner-data.ts'
import { createHalfKey, GENERATOR, isSafePublicValue, KEY_BYTES, PRIME, sharedSecret } from './dh-group.ts'
import { createFactors, type Factors } from './factors.ts'
import { firstServerSalt } from './first-salt.ts'
import type { InnerData } from './inner-data.ts'
import { plainMessageId, readPlainMessage, writePlainMessage } from './plain-message.ts'
import type { RsaKey } from './rsa-key.ts'
import { unwrapInnerData } from './rsa-padding.ts'
import { writeServerInnerData } from './server-inner-data.ts'
import { ID, int, long, MalformedMessage, tlBytes, WireReader } from './wire.ts'

/** A half-open exchange is given up after this. */
export const EXCHANGE_LIFETIME_MS = 60_000
/** Exchanges that one connection may begin: a client makes a few keys, and begins again after a failure of its own. */
export const MAX_EXCHANGES_PER_LINK = 32
/** Times that a client is asked for another half of the key when the id of the key that came out is taken. */
const MAX_RETRIES = 3

export type ExchangeFailure = 'malformed' | 'unexpected' | 'expired' | 'too-many' | 'refused'

export interface CompletedExchange {
  readonly key: AuthKey
  /** `dh_gen_ok`, to be sent once the key is durable and never before. */
  readonly reply: Buffer
  /** Instead of `reply`, when the key's id is taken: `dh_gen_retry`, and after some times `dh_gen_fail`. */
  refuse(): Buffer
}

/** What a packet led to: an answer to send now, a key, or a failure, upon which the connection is closed without an answer. */
export interface ExchangeOutcome {
  readonly reply?: Buffer
  readonly completed?: CompletedExchange
  readonly failed?: ExchangeFailure
}

/** A `resPQ` was sent. */
interface Challenged {
  readonly step: 'challenged'
  readonly nonce: Buffer
  readonly serverNonce: Buffer
  readonly factors: Factors
  readonly sinceMs: number
}

/** The server's half of the key was sent. */
interface Offered {
  readonly step: 'offered'
  readonly nonce: Buffer
  readonly serverNonce: Buffer
  readonly newNonce: Buffer
  readonly expiresIn: number | undefined
  readonly dataCentreId: number | undefined
  readonly exponent: Buffer
  readonly aes: AesKeyIv
  readonly retryId: bigint
  readonly retries: number
  readonly sinceMs: number
}

type State = Challenged | Offered | { readonly step: 'idle' } | { readonly step: 'failed' }

export interface KeyExchangeOptions {
  readonly rsaKey: RsaKey
  readonly random?: RandomBytes
}

/** The exchanges of one connection, one after another. */
export class KeyExchange {
  readonly #rsaKey: RsaKey
  readonly #random: RandomBytes
  #state: State = { step: 'idle' }
  #begun = 0
  #lastMsgId = 0n

  constructor(options: KeyExchangeOptions) {
    this.#rsaKey = options.rsaKey
    this.#random = options.random ?? randomBytes
  }

  /** True between the first and the last message of an exchange. */
  get halfOpen(): boolean {
    return this.#state.step === 'challenged' || this.#state.step === 'offered'
  }

  /** The server nonce of the exchange that is going on. */
  get serverNonce(): Buffer | undefined {
    const state = this.#state
    return state.step === 'challenged' || state.step === 'offered' ? state.serverNonce : undefined
  }

  /** Takes one unencrypted packet. Nothing that a peer sends makes it throw. */
  receive(packet: Uint8Array, nowMs: number): ExchangeOutcome {
    try {
      return this.#handle(new WireReader(readPlainMessage(packet)), nowMs)
    } catch (error) {
      if (error instanceof MalformedMessage) return this.#fail('malformed')
      throw error
    }
  }

  #handle(reader: WireReader, nowMs: number): ExchangeOutcome {
    const state = this.#state
    const id = reader.id()
    if (state.step === 'failed') return this.#fail('unexpected')
    if (id === ID.req_pq_multi || id === ID.req_pq) return this.#challenge(reader, nowMs)
    if (state.step === 'idle') return this.#fail('unexpected')
    if (nowMs - state.sinceMs > EXCHANGE_LIFETIME_MS) return this.#fail('expired')
    if (id === ID.req_DH_params && state.step === 'challenged') return this.#offer(reader, state, nowMs)
    if (id === ID.set_client_DH_params && state.step === 'offered') return this.#agree(reader, state, nowMs)
    return this.#fail('unexpected')
  }

  #fail(failed: ExchangeFailure): ExchangeOutcome {
    this.#state = { step: 'failed' }
    return { failed }
  }

  #answer(body: Buffer, nowMs: number): Buffer {
    const byTime = plainMessageId(nowMs, 1)
    this.#lastMsgId = byTime > this.#lastMsgId ? byTime : this.#lastMsgId + 4n
    return writePlainMessage(this.#lastMsgId, body)
  }

  /** `req_pq`, `req_pq_multi` → `resPQ`. */
  #challenge(reader: WireReader, nowMs: number): ExchangeOutcome {
    if (++this.#begun > MAX_EXCHANGES_PER_LINK) return this.#fail('too-many')
    const nonce = Buffer.from(reader.raw(16))
    const serverNonce = Buffer.from(this.#random(16))
    const factors = createFactors()
    this.#state = { step: 'challenged', nonce, serverNonce, factors, sinceMs: nowMs }
    const fingerprints = [int(ID.vector), int(1), long(this.#rsaKey.fingerprint)]
    const body = [int(ID.resPQ), nonce, serverNonce, tlBytes(factors.pq), ...fingerprints]
    return { reply: this.#answer(Buffer.concat(body), nowMs) }
  }

  /** `req_DH_params` → `server_DH_params_ok`. */
  #offer(reader: WireReader, state: Challenged, nowMs: number): ExchangeOutcome {
    const { factors } = state
    const asked =
      matchesNonces(reader, state) &&
      equalBytes(reader.bytes(), factors.p) &&
      equalBytes(reader.bytes(), factors.q) &&
      reader.long() === this.#rsaKey.fingerprint
    if (!asked) return this.#fail('refused')
    const inner = unwrapInnerData(this.#rsaKey, reader.bytes())
    if (inner === undefined || !belongsTo(inner, state)) return this.#fail('refused')
    const { exponent, publicValue } = createHalfKey(this.#random)
    const offered = offer(state, inner, exponent)
    this.#state = offered
    return { reply: this.#answer(this.#offerBody(offered, publicValue, nowMs), nowMs) }
  }

  #offerBody(state: Offered, gA: Buffer, nowMs: number): Buffer {
    const { nonce, serverNonce } = state
    const serverTime = Math.floor(nowMs / 1000)
    const data = writeServerInnerData({ nonce, serverNonce, g: GENERATOR, prime: PRIME, gA, serverTime })
    const encrypted = sealAnswer(state.aes, data, this.#random)
    return Buffer.concat([int(ID.server_DH_params_ok), nonce, serverNonce, tlBytes(encrypted)])
  }

  /** `set_client_DH_params` → a key, to be answered by `dh_gen_ok` when it is durable. */
  #agree(reader: WireReader, state: Offered, nowMs: number): ExchangeOutcome {
    const asked = matchesNonces(reader, state)
    const inner = openAnswer(state.aes, reader.bytes(), readClientInnerData)
    const fits =
      asked &&
      inner !== undefined &&
      equalBytes(inner.nonce, state.nonce) &&
      equalBytes(inner.serverNonce, state.serverNonce) &&
      inner.retryId === state.retryId &&
      inner.gB.length <= KEY_BYTES &&
      isSafePublicValue(inner.gB)
    if (!fits) return this.#fail('refused')
    this.#state = { step: 'idle' }
    return { completed: this.#complete(state, sharedSecret(state.exponent, inner.gB), nowMs) }
  }

  #complete(state: Offered, authKey: Buffer, nowMs: number): CompletedExchange {
    const { expiresIn, dataCentreId } = state
    const id = authKeyIdOf(authKey)
    const createdAt = Math.floor(nowMs / 1000)
    const firstSalt = firstServerSalt(state.newNonce, state.serverNonce)
    const expiresAt = expiresIn === undefined ? {} : { expiresAt: createdAt + expiresIn }
    const dataCentre = dataCentreId === undefined ? {} : { dataCentreId }
    return {
      key: { id, key: authKey, firstSalt, createdAt, ...expiresAt, ...dataCentre },
      reply: this.#answer(verdict(ID.dh_gen_ok, state, 1, authKey), nowMs),
      refuse: () => this.#refuse(state, authKey, nowMs),
    }
  }

  #refuse(state: Offered, authKey: Buffer, nowMs: number): Buffer {
    if (state.retries >= MAX_RETRIES) {
      this.#state = { step: 'failed' }
      return this.#answer(verdict(ID.dh_gen_fail, state, 3, authKey), nowMs)
    }
    const retryId = sha1(authKey).readBigInt64LE(0)
    this.#state = { ...state, retryId, retries: state.retries + 1 }
    return this.#answer(verdict(ID.dh_gen_retry, state, 2, authKey), nowMs)
  }
}

/** Ids of test data centres are counted from here; negative ones are for media (core.telegram.org/mtproto/auth_key). */
const TEST_CENTRES = 10_000

interface Nonces {
  readonly nonce: Buffer
  readonly serverNonce: Buffer
}

/** Reads both nonces and compares both, whatever the first gives. */
function matchesNonces(reader: WireReader, expected: Nonces): boolean {
  const nonce = equalBytes(reader.raw(16), expected.nonce)
  const serverNonce = equalBytes(reader.raw(16), expected.serverNonce)
  return nonce && serverNonce
}

/** True when decrypted inner data repeats the exchange's nonces and factors and asks for a possible lifetime. */
function belongsTo(inner: InnerData, state: Challenged): boolean {
  const { factors } = state
  const nonce = equalBytes(inner.nonce, state.nonce)
  const serverNonce = equalBytes(inner.serverNonce, state.serverNonce)
  const pq = equalBytes(inner.pq, factors.pq)
  const p = equalBytes(inner.p, factors.p)
  const q = equalBytes(inner.q, factors.q)
  return nonce && serverNonce && pq && p && q && (inner.expiresIn === undefined || inner.expiresIn > 0)
}

function offer(state: Challenged, inner: InnerData, exponent: Buffer): Offered {
  const newNonce = Buffer.from(inner.newNonce)
  return {
    step: 'offered',
    nonce: state.nonce,
    serverNonce: state.serverNonce,
    newNonce,
    expiresIn: inner.expiresIn,
    dataCentreId: Math.abs(inner.dc ?? 0) % TEST_CENTRES || undefined,
    exponent,
    aes: temporaryAes(newNonce, state.serverNonce),
    retryId: 0n,
    retries: 0,
    sinceMs: state.sinceMs,
  }
}

/** `dh_gen_ok`, `dh_gen_retry`, `dh_gen_fail`, told apart by the number in their hash. */
function verdict(id: number, state: Offered, number: 1 | 2 | 3, authKey: Buffer): Buffer {
  const hash = newNonceHash(state.newNonce, number, authKey)
  return Buffer.concat([int(id), state.nonce, state.serverNonce, hash])
}
