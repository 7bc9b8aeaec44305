import { open } from 'node:fs/promises'

const BOX_HEADER_BYTES = 8
const LARGE_HEADER_BYTES = 16
/** A box of this size has its true one in the 8 bytes behind its name. */
const LARGE = 1
/** Boxes that are looked at. */
const MAX_BOXES = 64

/**
 * Whether an MP4's index (`moov`) stands before its data (`mdat`), so that it plays while it arrives (ISO/IEC 14496-12, 4.2). False
 * for whatever is no MP4.
 */
export async function isFaststart(path: string): Promise<boolean> {
  const file = await open(path, 'r')
  try {
    const header = Buffer.alloc(LARGE_HEADER_BYTES)
    let position = 0
    for (let box = 0; box < MAX_BOXES; box += 1) {
      const { bytesRead } = await file.read(header, 0, LARGE_HEADER_BYTES, position)
      if (bytesRead < BOX_HEADER_BYTES) return false
      const name = header.toString('latin1', 4, 8)
      if (name === 'moov') return true
      if (name === 'mdat') return false
      const size = boxBytes(header)
      if (size < BOX_HEADER_BYTES) return false
      position += size
    }
    return false
  } finally {
    await file.close()
  }
}

function boxBytes(header: Buffer): number {
  const size = header.readUInt32BE(0)
  return size === LARGE ? Number(header.readBigUInt64BE(8)) : size
}
