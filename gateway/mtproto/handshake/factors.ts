/** The proof of work of the key exchange: `pq`, a product of two primes that the client must find again. */
import { randomBytes } from '../crypto/random.ts'

export interface Factors {
  /** The product, 8 bytes, big-endian. */
  readonly pq: Buffer
  /** The smaller and the larger prime, 4 bytes each, big-endian. */
  readonly p: Buffer
  readonly q: Buffer
}

/** Both primes have 31 bits, the highest two of them set, so that they take 4 bytes and the product is below 2^62. */
const PRIME_BITS = 31
const HIGHEST_AND_ODD = 0x60000001

/** A new product of two primes from the operating system's generator. Takes some 0.05 ms. */
export function createFactors(): Factors {
  const a = randomPrime()
  const b = randomPrime()
  if (a === b) return createFactors()
  const [p, q] = a < b ? [a, b] : [b, a]
  return { pq: bigEndian(p * q, 8), p: bigEndian(p, 4), q: bigEndian(q, 4) }
}

function randomPrime(): bigint {
  for (;;) {
    const candidate = (randomBytes(4).readUInt32LE(0) >>> (32 - PRIME_BITS)) | HIGHEST_AND_ODD
    if (isPrime(candidate)) return BigInt(candidate)
  }
}

/** Odd primes up to the root of the largest 31-bit number: trial division by them is exact, and quicker than OpenSSL here. */
const TRIAL_LIMIT = 46_341
let trialPrimes: Int32Array | undefined

function isPrime(candidate: number): boolean {
  trialPrimes ??= oddPrimes(TRIAL_LIMIT)
  for (const prime of trialPrimes) if (candidate % prime === 0) return false
  return true
}

/** The odd primes below `limit`, by the sieve of Eratosthenes. */
function oddPrimes(limit: number): Int32Array {
  const composite = new Uint8Array(limit)
  const primes: number[] = []
  for (let n = 3; n < limit; n += 2) {
    if (composite[n] === 1) continue
    primes.push(n)
    for (let multiple = n * n; multiple < limit; multiple += 2 * n) composite[multiple] = 1
  }
  return Int32Array.from(primes)
}

function bigEndian(value: bigint, size: number): Buffer {
  return Buffer.from(value.toString(16).padStart(size * 2, '0'), 'hex')
}

/** Multipliers that SQUFOF tries in turn; a product that one cannot split, another does. */
const MULTIPLIERS = [1, 3, 5, 7, 11, 15, 21, 33, 35, 55, 77, 105, 165, 231, 385, 1155]

/**
 * The two primes of a product below 2^63, in ascending order (the client's side). Shanks's square forms factorisation, whose
 * intermediate values stay below 2^40 here and so are exact as numbers: under 1 ms, where BigInt arithmetic takes tens.
 */
export function factorise(pq: Uint8Array): { readonly p: Buffer; readonly q: Buffer } | undefined {
  const n = BigInt(`0x0${Buffer.from(pq).toString('hex')}`)
  if (n >= 1n << 63n || n < 4n) return undefined
  for (const multiplier of MULTIPLIERS) {
    const found = squareForms(n, BigInt(multiplier))
    if (found === undefined) continue
    const other = n / found
    const [p, q] = found < other ? [found, other] : [other, found]
    if (q >= 1n << 32n) return undefined
    return { p: bigEndian(p, 4), q: bigEndian(q, 4) }
  }
  return undefined
}

/** A proper factor of n by the continued fraction of the root of k n, if this multiplier gives one. */
function squareForms(n: bigint, k: bigint): bigint | undefined {
  const kn = k * n
  const root = integerRoot(kn)
  const rest = Number(kn - root * root)
  if (rest === 0) return properFactor(n, root)
  const r = Number(root)
  const limit = 6 * Math.ceil(Math.sqrt(2 * r))
  let p = r
  let previousQ = 1
  let q = rest
  for (let i = 1; i < limit; i++) {
    const b = Math.floor((r + p) / q)
    const nextP = b * q - p
    const nextQ = previousQ + b * (p - nextP)
    p = nextP
    previousQ = q
    q = nextQ
    const s = Math.sqrt(q)
    if ((i & 1) === 1 && Number.isInteger(s)) {
      const found = reverse(n, kn, r, p, s)
      if (found !== undefined) return found
    }
  }
  return undefined
}

/** Walks back from a square form to the ambiguous form, whose coefficient has a factor in common with n. */
function reverse(n: bigint, kn: bigint, r: number, squareP: number, s: number): bigint | undefined {
  let p = Math.floor((r - squareP) / s) * s + squareP
  let previousQ = s
  let q = Number((kn - BigInt(p) * BigInt(p)) / BigInt(s))
  const limit = 6 * Math.ceil(Math.sqrt(2 * r))
  for (let i = 0; i < limit; i++) {
    const b = Math.floor((r + p) / q)
    const nextP = b * q - p
    if (nextP === p) return properFactor(n, BigInt(p))
    const nextQ = previousQ + b * (p - nextP)
    p = nextP
    previousQ = q
    q = nextQ
  }
  return undefined
}

function properFactor(n: bigint, candidate: bigint): bigint | undefined {
  let a = n
  let b = candidate
  while (b > 0n) [a, b] = [b, a % b]
  return a > 1n && a < n ? a : undefined
}

/** The largest integer whose square is not above n. */
function integerRoot(n: bigint): bigint {
  let x = BigInt(Math.floor(Math.sqrt(Number(n))))
  while (x * x > n) x--
  while ((x + 1n) * (x + 1n) <= n) x++
  return x
}
