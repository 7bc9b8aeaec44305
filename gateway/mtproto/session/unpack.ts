import { gunzip, TlDecodeError } from '@heliograph/schemas/tl'
import type { Arrival } from './arrival.ts'
import { GZIP_PACKED } from './constructors.ts'
import { takeTlBytes } from './tl-bytes.ts'

/** `gzip_packed` within `gzip_packed` beyond this is hostile. */
const LARGEST_DEPTH = 4

/** The message inside `gzip_packed`, or the message itself; undefined for broken data or expansion beyond the packet's share. */
export function unpack(arrival: Arrival, body: Buffer): Buffer | undefined {
  let inner: Buffer | undefined = body
  for (let depth = 0; inner && isPacked(inner); depth++) {
    inner = depth < LARGEST_DEPTH ? expand(arrival, inner) : undefined
  }
  return inner && inner.length >= 4 ? inner : undefined
}

export function isPacked(body: Buffer): boolean {
  return body.length >= 4 && body.readUInt32LE(0) === GZIP_PACKED
}

function expand(arrival: Arrival, body: Buffer): Buffer | undefined {
  const packed = takeTlBytes(body, 4)
  if (!packed) return undefined
  try {
    const inner = gunzip(packed.data, arrival.unpackBytesLeft)
    arrival.unpackBytesLeft -= inner.length
    return inner
  } catch (error) {
    if (!(error instanceof TlDecodeError)) throw error
    // A failed expansion has cost what was allowed: the packet gets no second try.
    arrival.unpackBytesLeft = Math.min(arrival.unpackBytesLeft, 1)
    return undefined
  }
}
