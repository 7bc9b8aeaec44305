import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
} from 'node:crypto'
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { sha1 } from '../crypto/hash.ts'
import { tlBytes } from './wire.ts'

export const RSA_BYTES = 256
const RSA_BITS = RSA_BYTES * 8
export const PRIVATE_KEY_FILE = 'rsa-private.pem'
export const PUBLIC_KEY_FILE = 'rsa-public.pem'

/** The server's key as a client knows it. */
export interface RsaPublicKey {
  /** 64 bits of SHA-1 over modulus and exponent as TL bytes, signed. */
  readonly fingerprint: bigint
  /** PKCS#1. */
  readonly publicPem: string
  readonly publicKey: KeyObject
}

/** The server's key pair. */
export interface RsaKey extends RsaPublicKey {
  /** PKCS#1. */
  readonly privatePem: string
  readonly privateKey: KeyObject
}

/**
 * A new 2048-bit key pair. Keys whose fingerprint begins with a zero digit in hexadecimal are passed over: there are clients
 * that compare it without leading zeros.
 */
export function generateRsaKey(): RsaKey {
  for (;;) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: RSA_BITS, publicExponent: 0x10001 })
    const key = fromPrivateKey(privateKey)
    if (BigInt.asUintN(64, key.fingerprint) >> 60n !== 0n) return key
  }
}

/** Reads a private key in PEM; throws if it is not an RSA key of 2048 bits. */
export function parseRsaKey(privatePem: string): RsaKey {
  return fromPrivateKey(createPrivateKey(privatePem))
}

/** Reads a public key in PEM; throws if it is not an RSA key of 2048 bits. */
export function parseRsaPublicKey(publicPem: string): RsaPublicKey {
  return describe(createPublicKey(publicPem))
}

/**
 * The key pair of a directory: read if it is there, else made and stored, the private file readable by its owner alone. Either
 * file appears whole or not at all.
 */
export function loadOrCreateRsaKey(directory: string): RsaKey & { readonly publicPath: string } {
  mkdirSync(directory, { recursive: true })
  const privatePath = join(directory, PRIVATE_KEY_FILE)
  const publicPath = join(directory, PUBLIC_KEY_FILE)
  if (!existsSync(privatePath))
    writeAtomically(directory, privatePath, generateRsaKey().privatePem, 0o600, keep)
  const key = parseRsaKey(readFileSync(privatePath, 'utf8'))
  const current = existsSync(publicPath) ? readFileSync(publicPath, 'utf8') : undefined
  if (current !== key.publicPem) writeAtomically(directory, publicPath, key.publicPem, 0o644, renameSync)
  return { ...key, publicPath }
}

/** Raw RSA with the private key: 256 bytes to 256 bytes; undefined for a number above the modulus. */
export function rsaDecrypt(key: RsaKey, bytes: Uint8Array): Buffer | undefined {
  try {
    return privateDecrypt({ key: key.privateKey, padding: constants.RSA_NO_PADDING }, bytes)
  } catch {
    return undefined
  }
}

/** Raw RSA with the public key (the client's side); undefined for a number above the modulus. */
export function rsaEncrypt(key: RsaPublicKey, bytes: Uint8Array): Buffer | undefined {
  try {
    return publicEncrypt({ key: key.publicKey, padding: constants.RSA_NO_PADDING }, bytes)
  } catch {
    return undefined
  }
}

function fromPrivateKey(privateKey: KeyObject): RsaKey {
  const privatePem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
  return { ...describe(createPublicKey(privateKey)), privateKey, privatePem }
}

function describe(publicKey: KeyObject): RsaPublicKey {
  const { n, e } = publicKey.export({ format: 'jwk' })
  const modulus = Buffer.from(n ?? '', 'base64url')
  if (publicKey.asymmetricKeyType !== 'rsa' || modulus.length !== RSA_BYTES) {
    throw new Error(`the key must be RSA with ${RSA_BITS} bits`)
  }
  const hash = sha1(Buffer.concat([tlBytes(modulus), tlBytes(Buffer.from(e ?? '', 'base64url'))]))
  const publicPem = publicKey.export({ type: 'pkcs1', format: 'pem' }).toString()
  return { fingerprint: hash.readBigInt64LE(12), publicPem, publicKey }
}

/** Puts a file into its place unless another process, which starts at the same time, has put one there already. */
function keep(temporary: string, path: string): void {
  try {
    linkSync(temporary, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(temporary)
  }
}

function writeAtomically(
  directory: string,
  path: string,
  text: string,
  mode: number,
  place: (temporary: string, path: string) => void,
): void {
  const temporary = `${path}.${process.pid}.new`
  const file = openSync(temporary, 'w', mode)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  chmodSync(temporary, mode)
  place(temporary, path)
  syncDirectory(directory)
}

/** Without this the new name may be lost with the power; where a directory cannot be opened (Windows) it is not needed. */
function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(directory, 'r')
  fsyncSync(handle)
  closeSync(handle)
}
