import { checkPrimeSync, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { temporaryAes } from './answer-cipher.ts'
import { createHalfKey, GENERATOR, PRIME, sharedSecret, toBigInt } from './dh-group.ts'
import { createFactors, factorise } from './factors.ts'
import {
  generateRsaKey,
  loadOrCreateRsaKey,
  PRIVATE_KEY_FILE,
  parseRsaKey,
  parseRsaPublicKey,
} from './rsa-key.ts'
import { tlBytes, WireReader } from './wire.ts'

const hex = (text: string) => Buffer.from(text, 'hex')

describe('the group', () => {
  it('has a 2048-bit safe prime for which 3 generates the subgroup of prime order', () => {
    const p = toBigInt(PRIME)
    expect(p >> 2047n).toBe(1n)
    expect(checkPrimeSync(PRIME)).toBe(true)
    expect(checkPrimeSync((p - 1n) / 2n)).toBe(true)
    expect(GENERATOR).toBe(3)
    expect(p % 3n).toBe(2n)
  })

  it('gives both sides the same secret, by plain arithmetic too', () => {
    const a = createHalfKey(randomBytes)
    const b = createHalfKey(randomBytes)
    const secret = sharedSecret(a.exponent, b.publicValue)
    expect(secret).toEqual(sharedSecret(b.exponent, a.publicValue))
    expect(toBigInt(a.publicValue)).toBe(power(3n, toBigInt(a.exponent)))
    expect(toBigInt(secret)).toBe(power(toBigInt(b.publicValue), toBigInt(a.exponent)))
  })
})

function power(base: bigint, exponent: bigint): bigint {
  const p = toBigInt(PRIME)
  let result = 1n
  for (let square = base, left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % p
    square = (square * square) % p
  }
  return result
}

describe('the temporary AES key', () => {
  it('is that of the published sample (core.telegram.org/mtproto/samples-auth_key)', () => {
    const newNonce = hex('311C85DB234AA2640AFC4A76A735CF5B1F0FD68BD17FA181E1229AD867CC024D')
    const aes = temporaryAes(newNonce, hex('A5CF4D33F4A11EA877BA4AA573907330'))
    expect(aes.key).toEqual(hex('F011280887C7BB01DF0FC4E17830E0B91FBB8BE4B2267CB985AE25F33B527253'))
    expect(aes.iv).toEqual(hex('3212D579EE35452ED23E0D0C92841AA7D31B2E9BDEF2151E80D15860311C85DB'))
  })
})

describe('pq', () => {
  it('is 8 bytes, below 2^63, with two primes of 4 bytes', () => {
    for (let i = 0; i < 30; i++) {
      const { pq, p, q } = createFactors()
      expect([pq.length, p.length, q.length]).toEqual([8, 4, 4])
      expect(toBigInt(p) * toBigInt(q)).toBe(toBigInt(pq))
      expect(toBigInt(p) < toBigInt(q) && toBigInt(pq) < 2n ** 63n).toBe(true)
      expect(p[0]! >= 0x40 && checkPrimeSync(p) && checkPrimeSync(q)).toBe(true)
      expect(factorise(pq)).toEqual({ p, q })
    }
  })

  it('of the published sample splits as published', () => {
    expect(factorise(hex('17ED48941A08F981'))).toEqual({ p: hex('494C553B'), q: hex('53911073') })
  })

  it('that is none is not split', () => {
    expect(factorise(hex('ffffffffffffffff'))).toBeUndefined()
    expect(factorise(hex('00000000494C553B'))).toBeUndefined()
  })
})

describe('TL bytes', () => {
  it.each([0, 1, 2, 3, 4, 253, 254, 255, 256, 1000])('round-trip at %i bytes', (size) => {
    const value = randomBytes(size)
    const written = tlBytes(value)
    expect(written.length % 4).toBe(0)
    const reader = new WireReader(written)
    expect(reader.bytes()).toEqual(value)
    expect(reader.position).toBe(written.length)
    expect(() => new WireReader(written.subarray(0, -1)).bytes()).toThrow()
  })
})

describe('the RSA key', () => {
  const directory = mkdtempSync(join(tmpdir(), 'rsa-key-'))
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  it('has the fingerprint that the specification defines', () => {
    // The published key of the production data centres and its fingerprint.
    const pem = [
      '-----BEGIN RSA PUBLIC KEY-----',
      'MIIBCgKCAQEA6LszBcC1LGzyr992NzE0ieY+BSaOW622Aa9Bd4ZHLl+TuFQ4lo4g',
      '5nKaMBwK/BIb9xUfg0Q29/2mgIR6Zr9krM7HjuIcCzFvDtr+L0GQjae9H0pRB2OO',
      '62cECs5HKhT5DZ98K33vmWiLowc621dQuwKWSQKjWf50XYFw42h21P2KXUGyp2y/',
      '+aEyZ+uVgLLQbRA1dEjSDZ2iGRy12Mk5gpYc397aYp438fsJoHIgJ2lgMv5h7WY9',
      't6N/byY9Nw9p21Og3AoXSL2q/2IJ1WRUhebgAdGVMlV1fkuOQoEzR7EdpqtQD9Cs',
      '5+bfo3Nhmcyvk5ftB0WkJ9z6bNZ7yxrP8wIDAQAB',
      '-----END RSA PUBLIC KEY-----',
    ].join('\n')
    expect(BigInt.asUintN(64, parseRsaPublicKey(pem).fingerprint).toString(16)).toBe('d09d1d85de64fd85')
  })

  it('never has a fingerprint with a leading zero digit', () => {
    for (let i = 0; i < 3; i++) {
      const { fingerprint } = generateRsaKey()
      expect(BigInt.asUintN(64, fingerprint).toString(16)).toHaveLength(16)
    }
  })

  it('is made once, kept private, and written as PKCS#1', () => {
    const made = loadOrCreateRsaKey(directory)
    const again = loadOrCreateRsaKey(directory)
    expect(again.fingerprint).toBe(made.fingerprint)
    expect(statSync(join(directory, PRIVATE_KEY_FILE)).mode & 0o777).toBe(0o600)
    expect(made.publicPem).toMatch(/^-----BEGIN RSA PUBLIC KEY-----\n/)
    expect(made.privatePem).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/)
    expect(createPublicKey(made.publicPem).asymmetricKeyDetails?.modulusLength).toBe(2048)
    expect(readdirSync(directory)).toHaveLength(2)
    rmSync(made.publicPath)
    expect(loadOrCreateRsaKey(directory).publicPem).toBe(made.publicPem)
  })

  it('must be RSA of 2048 bits', () => {
    const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey
    expect(() => parseRsaKey(small.export({ type: 'pkcs1', format: 'pem' }).toString())).toThrow('2048')
    const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
    expect(() => parseRsaKey(curve.export({ type: 'sec1', format: 'pem' }).toString())).toThrow()
    loadOrCreateRsaKey(directory)
    writeFileSync(join(directory, PRIVATE_KEY_FILE), 'no key')
    expect(() => loadOrCreateRsaKey(directory)).toThrow()
  })
})
