import { gunzipSync, gzipSync, inflateSync } from 'node:zlib'
import { TlDecodeError } from './decode-error.ts'

const ZLIB_HEADER = 0x78
const FAST_LEVEL = 3

const isTooLarge = (error: unknown) => (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE'

/**
 * Expands a gzip or a zlib stream: some clients put the latter into `gzip_packed`.
 * @param maxBytes the most bytes that it may expand to
 * @throws TlDecodeError if it is neither, or expands too far
 */
export function gunzip(bytes: Uint8Array, maxBytes: number): Buffer {
  const expand = bytes[0] === ZLIB_HEADER ? inflateSync : gunzipSync
  try {
    return expand(bytes, { maxOutputLength: maxBytes })
  } catch (error) {
    throw new TlDecodeError(isTooLarge(error) ? 'expands too far' : 'bad compression')
  }
}

/** A gzip stream, which every client reads (zlib streams are read by some only). */
export const gzip = (bytes: Uint8Array): Buffer => gzipSync(bytes, { level: FAST_LEVEL })
