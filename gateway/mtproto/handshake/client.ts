/** The client's side of the key exchange, for the load generator and for tests; it checks what a client must. */
import { newNonceHash } from '../crypto/auth-key-id.ts'
import { equalBytes, sha1 } from '../crypto/hash.ts'
import type { AesKeyIv } from '../crypto/message-key.ts'
import { randomBytes } from '../crypto/random.ts'
import type { RandomBytes } from '../ports.ts'
import { openAnswer, sealAnswer, temporaryAes } from './answer-cipher.ts'
import { writeClientInnerData } from './client-inner-data.ts'
import { createHalfKey, GENERATOR, isSafePublicValue, PRIME, sharedSecret } from './dh-group.ts'
import { factorise } from './factors.ts'
import { firstServerSalt } from './first-salt.ts'
import { writeInnerData } from './inner-data.ts'
import { plainMessageId, readPlainMessage, writePlainMessage } from './plain-message.ts'
import type { RsaPublicKey } from './rsa-key.ts'
import { type PaddingKind, wrapInnerData } from './rsa-padding.ts'
import { readServerInnerData, type ServerInnerData } from './server-inner-data.ts'
import { ID, int, long, MalformedMessage, tlBytes, WireReader } from './wire.ts'

export interface ClientExchangeOptions {
  readonly rsaKey: RsaPublicKey
  /** How the inner data is wrapped; RSA_PAD unless told. */
  readonly padding?: PaddingKind
  readonly dc?: number
  /** Seconds; makes a temporary key. */
  readonly expiresIn?: number
  /** Begins with `req_pq` in place of `req_pq_multi`. */
  readonly legacyRequest?: boolean
  readonly random?: RandomBytes
  /**
   * Length of the secret exponent, 256 unless told. In a group of a safe prime 32 bytes are as hard to find (RFC 7919, section
   * 5.2, asks for 225 bits) and cost an eighth: for load generators, whose time is not to be measured.
   */
  readonly exponentBytes?: number
}

export interface ClientKey {
  /** 256 bytes. */
  readonly authKey: Buffer
  readonly serverSalt: bigint
  /** Server's clock minus ours, in seconds. */
  readonly timeOffset: number
}

export interface ClientOutcome {
  readonly reply?: Buffer
  readonly completed?: ClientKey
  /** What the server did wrong. */
  readonly failed?: string
}

/** One exchange: send what `start` gives, then what `receive` replies, until it is completed. */
export class ClientExchange {
  readonly #options: ClientExchangeOptions
  readonly #random: RandomBytes
  readonly #nonce: Buffer
  readonly #newNonce: Buffer
  #serverNonce: Buffer = Buffer.alloc(0)
  #aes: AesKeyIv | undefined
  #gA: Buffer = Buffer.alloc(0)
  #authKey: Buffer | undefined
  #timeOffset = 0

  constructor(options: ClientExchangeOptions) {
    this.#options = options
    this.#random = options.random ?? randomBytes
    this.#nonce = Buffer.from(this.#random(16))
    this.#newNonce = Buffer.from(this.#random(32))
  }

  /** The first packet. Some clients probe with message id 1, which `msgId` allows. */
  start(nowMs: number, msgId: bigint = plainMessageId(nowMs, 0)): Buffer {
    const id = this.#options.legacyRequest ? ID.req_pq : ID.req_pq_multi
    return writePlainMessage(msgId, Buffer.concat([int(id), this.#nonce]))
  }

  receive(packet: Uint8Array, nowMs: number): ClientOutcome {
    try {
      const reader = new WireReader(readPlainMessage(packet))
      return this.#handle(reader.id(), reader, nowMs)
    } catch (error) {
      if (error instanceof MalformedMessage) return { failed: error.message }
      throw error
    }
  }

  #handle(id: number, reader: WireReader, nowMs: number): ClientOutcome {
    if (!equalBytes(reader.raw(16), this.#nonce)) return { failed: 'another nonce' }
    if (id === ID.resPQ) return this.#prove(reader, nowMs)
    if (!equalBytes(reader.raw(16), this.#serverNonce)) return { failed: 'another server nonce' }
    if (id === ID.server_DH_params_ok) return this.#answer(reader, nowMs)
    if (id === ID.dh_gen_ok) return this.#finish(reader)
    if (id === ID.dh_gen_retry) return this.#again(reader, nowMs)
    return { failed: id === ID.dh_gen_fail ? 'dh_gen_fail' : `constructor ${id.toString(16)}` }
  }

  #prove(reader: WireReader, nowMs: number): ClientOutcome {
    this.#serverNonce = Buffer.from(reader.raw(16))
    const pq = reader.bytes()
    const { rsaKey, padding, dc, expiresIn } = this.#options
    if (!readFingerprints(reader).includes(rsaKey.fingerprint)) return { failed: 'no known fingerprint' }
    const factors = factorise(pq)
    if (factors === undefined) return { failed: 'pq is no product of two primes below 2^32' }
    const inner = writeInnerData({
      pq,
      ...factors,
      nonce: this.#nonce,
      serverNonce: this.#serverNonce,
      newNonce: this.#newNonce,
      ...(dc === undefined ? {} : { dc }),
      ...(expiresIn === undefined ? {} : { expiresIn }),
    })
    const encrypted = wrapInnerData(rsaKey, inner, padding ?? 'rsa-pad', this.#random)
    const named = [tlBytes(factors.p), tlBytes(factors.q), long(rsaKey.fingerprint), tlBytes(encrypted)]
    return { reply: this.#message(ID.req_DH_params, named, nowMs) }
  }

  #answer(reader: WireReader, nowMs: number): ClientOutcome {
    const aes = temporaryAes(this.#newNonce, this.#serverNonce)
    const inner = openAnswer(aes, reader.bytes(), readServerInnerData)
    if (inner === undefined) return { failed: 'the answer is not authentic' }
    const wrong = this.#wrongIn(inner)
    if (wrong !== undefined) return { failed: wrong }
    this.#aes = aes
    this.#gA = Buffer.from(inner.gA)
    this.#timeOffset = inner.serverTime - Math.floor(nowMs / 1000)
    return { reply: this.#half(aes, 0n, nowMs) }
  }

  #wrongIn(inner: ServerInnerData): string | undefined {
    if (!equalBytes(inner.nonce, this.#nonce) || !equalBytes(inner.serverNonce, this.#serverNonce)) {
      return 'the answer names other nonces'
    }
    if (inner.g !== GENERATOR || !equalBytes(inner.prime, PRIME)) return 'another group'
    return isSafePublicValue(inner.gA) ? undefined : 'an unsafe public value'
  }

  #half(aes: AesKeyIv, retryId: bigint, nowMs: number): Buffer {
    const { exponent, publicValue } = createHalfKey(this.#random, this.#options.exponentBytes)
    this.#authKey = sharedSecret(exponent, this.#gA)
    const data = { nonce: this.#nonce, serverNonce: this.#serverNonce, retryId, gB: publicValue }
    const encrypted = sealAnswer(aes, writeClientInnerData(data), this.#random)
    return this.#message(ID.set_client_DH_params, [tlBytes(encrypted)], nowMs)
  }

  #finish(reader: WireReader): ClientOutcome {
    const authKey = this.#authKey
    if (authKey === undefined) return { failed: 'dh_gen_ok too early' }
    if (!equalBytes(reader.raw(16), newNonceHash(this.#newNonce, 1, authKey)))
      return { failed: 'another hash' }
    const serverSalt = firstServerSalt(this.#newNonce, this.#serverNonce)
    return { completed: { authKey, serverSalt, timeOffset: this.#timeOffset } }
  }

  #again(reader: WireReader, nowMs: number): ClientOutcome {
    const authKey = this.#authKey
    if (authKey === undefined || this.#aes === undefined) return { failed: 'dh_gen_retry too early' }
    if (!equalBytes(reader.raw(16), newNonceHash(this.#newNonce, 2, authKey)))
      return { failed: 'another hash' }
    return { reply: this.#half(this.#aes, sha1(authKey).readBigInt64LE(0), nowMs) }
  }

  #message(id: number, rest: readonly Buffer[], nowMs: number): Buffer {
    const body = Buffer.concat([int(id), this.#nonce, this.#serverNonce, ...rest])
    return writePlainMessage(plainMessageId(nowMs, 0), body)
  }
}

function readFingerprints(reader: WireReader): bigint[] {
  reader.expect(ID.vector)
  const count = reader.int()
  const fingerprints: bigint[] = []
  for (let i = 0; i < count; i++) fingerprints.push(reader.long())
  return fingerprints
}
