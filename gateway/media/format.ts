/** What a file is by its first bytes; names and mime types that clients give are not trusted. */
export type MediaFormat =
  | 'jpeg'
  | 'png'
  | 'webp'
  | 'gif'
  | 'mp4'
  | 'matroska'
  | 'ogg'
  | 'mp3'
  | 'flac'
  | 'gzip'

/** Bytes that `formatOf` looks at. */
export const FORMAT_BYTES = 16

const PNG = Buffer.from('89504e470d0a1a0a', 'hex')
const EBML = Buffer.from('1a45dfa3', 'hex')

const startsWith = (bytes: Buffer, text: string, at = 0): boolean =>
  bytes.length >= at + text.length && bytes.toString('latin1', at, at + text.length) === text

const MPEG_SYNC = 0xffe0

function isMp3(bytes: Buffer): boolean {
  if (startsWith(bytes, 'ID3')) return true
  return bytes.length >= 2 && (bytes.readUInt16BE(0) & MPEG_SYNC) === MPEG_SYNC && bytes[1] !== 0xff
}

/** By the beginning of a file; undefined where it is none of these. */
export function formatOf(bytes: Buffer): MediaFormat | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpeg'
  if (bytes.subarray(0, PNG.length).equals(PNG)) return 'png'
  if (startsWith(bytes, 'RIFF') && startsWith(bytes, 'WEBP', 8)) return 'webp'
  if (startsWith(bytes, 'GIF87a') || startsWith(bytes, 'GIF89a')) return 'gif'
  if (startsWith(bytes, 'ftyp', 4)) return 'mp4'
  if (bytes.subarray(0, EBML.length).equals(EBML)) return 'matroska'
  if (startsWith(bytes, 'OggS')) return 'ogg'
  if (startsWith(bytes, 'fLaC')) return 'flac'
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'gzip'
  return isMp3(bytes) ? 'mp3' : undefined
}
