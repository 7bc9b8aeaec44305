import { lookup as resolve } from 'node:dns'
import { get as getHttp, type IncomingMessage } from 'node:http'
import { get as getHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { isPublicAddress } from './address-guard.ts'

/** Time for all of it, redirects included. */
const TIMEOUT_MS = 15_000
const MAX_REDIRECTS = 3
const MAX_URL_LENGTH = 2048
const HTTP_OK = 200

/** Expected failure: the address cannot be fetched, or may not be. */
export class NotFetched extends Error {}

export interface Fetched {
  readonly bytes: Buffer
  readonly mimeType: string
  /** The last part of the address. */
  readonly name: string
}

export interface FetchOptions {
  readonly maxBytes: number
  /** Whether it may be connected to an address; the public ones unless given. */
  readonly mayConnect?: (address: string) => boolean
}

/**
 * Fetches a file for somebody who is not trusted: over HTTP or HTTPS on their usual ports, from public addresses only (checked on the
 * very address that is connected to, after each redirect), within limits of size and time, without telling who asks.
 * @throws NotFetched
 */
export async function fetchGuarded(url: string, options: FetchOptions): Promise<Fetched> {
  const ending = AbortSignal.timeout(TIMEOUT_MS)
  let next = checkedUrl(url, options)
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const answer = await request(next, ending, options)
    const { statusCode = 0, headers } = answer
    if (statusCode === HTTP_OK) return { ...(await bodyOf(answer, options.maxBytes)), name: nameOf(next) }
    answer.destroy()
    if (statusCode < 300 || statusCode >= 400 || headers.location === undefined)
      throw new NotFetched(`answered ${statusCode}`)
    next = checkedUrl(new URL(headers.location, next).href, options)
  }
  throw new NotFetched('too many redirects')
}

function checkedUrl(text: string, { mayConnect }: FetchOptions): URL {
  if (text.length > MAX_URL_LENGTH || !URL.canParse(text)) throw new NotFetched('not an address')
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new NotFetched('not HTTP')
  if (url.username !== '' || url.password !== '') throw new NotFetched('with a password')
  if (url.port !== '' && mayConnect === undefined) throw new NotFetched('an unusual port')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  // A name is checked when it is resolved; an address never is.
  if (isIP(host) !== 0 && !(mayConnect ?? isPublicAddress)(host)) throw new NotFetched('not a public address')
  return url
}

/** Every address that a name stands for must be allowed; the connection goes to one of those just checked. */
const guardedLookup =
  (mayConnect: (address: string) => boolean): LookupFunction =>
  (hostname, _options, callback) => {
    resolve(hostname, { all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '', 0)
      const [first] = addresses
      if (first === undefined || !addresses.every(({ address }) => mayConnect(address)))
        return callback(new NotFetched('not a public address'), '', 0)
      if (_options.all === true) return callback(null, addresses)
      return callback(null, first.address, first.family)
    })
  }

function request(url: URL, signal: AbortSignal, options: FetchOptions): Promise<IncomingMessage> {
  const get = url.protocol === 'https:' ? getHttps : getHttp
  const lookup = guardedLookup(options.mayConnect ?? isPublicAddress)
  const headers = { accept: '*/*', 'user-agent': 'Heliograph' }
  return new Promise((done, fail) => {
    const asked = get(url, { lookup, signal, headers, agent: false }, done)
    asked.on('error', (error) => fail(new NotFetched(error.message)))
  })
}

async function bodyOf(answer: IncomingMessage, maxBytes: number) {
  if (Number(answer.headers['content-length'] ?? 0) > maxBytes) {
    answer.destroy()
    throw new NotFetched('too large')
  }
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > maxBytes) throw new NotFetched('too large')
      chunks.push(chunk)
    }
  } catch (error) {
    answer.destroy()
    throw error instanceof NotFetched ? error : new NotFetched(String(error))
  }
  const mimeType = (answer.headers['content-type'] ?? '').split(';')[0]!.trim()
  return { bytes: Buffer.concat(chunks), mimeType }
}

function nameOf(url: URL): string {
  const last = url.pathname.slice(url.pathname.lastIndexOf('/') + 1)
  try {
    return decodeURIComponent(last)
  } catch {
    return last
  }
}
