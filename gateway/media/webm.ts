import type { WebmFacts } from './sticker-video.ts'

/** Element ids of Matroska (RFC 9559), with their length markers. */
const EBML = 0x1a45dfa3
const DOC_TYPE = 0x4282
const SEGMENT = 0x18538067
const INFO = 0x1549a966
const TIMESTAMP_SCALE = 0x2ad7b1
const DURATION = 0x4489
const TRACKS = 0x1654ae6b
const TRACK_ENTRY = 0xae
const TRACK_TYPE = 0x83
const CODEC_ID = 0x86
const VIDEO = 0xe0
const PIXEL_WIDTH = 0xb0
const PIXEL_HEIGHT = 0xba

const CONTAINERS: ReadonlySet<number> = new Set([EBML, SEGMENT, INFO, TRACKS, TRACK_ENTRY, VIDEO])
const MAX_ELEMENTS = 4096
const MAX_ID_BYTES = 4
const MAX_SIZE_BYTES = 8
const AUDIO_TRACK = 2
const NANOSECONDS = 1e9
const DEFAULT_TIMESTAMP_SCALE = 1_000_000

interface Element {
  readonly id: number
  readonly data: Buffer
}

/** What the headers of a WebM say of its first video track; undefined where it is none, or cut off before its tracks end. */
export function webmHeader(bytes: Buffer): WebmFacts | undefined {
  const values = new Map<number, Buffer>()
  let hasAudio = false
  for (const { id, data } of elements(bytes)) {
    if (id === TRACK_TYPE && unsigned(data) === AUDIO_TRACK) hasAudio = true
    else if (!values.has(id)) values.set(id, data)
  }
  if (values.get(DOC_TYPE)?.toString('latin1') !== 'webm') return
  const scale = unsigned(values.get(TIMESTAMP_SCALE)) || DEFAULT_TIMESTAMP_SCALE
  return {
    codec: values.get(CODEC_ID)?.toString('latin1') === 'V_VP9' ? 'vp9' : '',
    width: unsigned(values.get(PIXEL_WIDTH)),
    height: unsigned(values.get(PIXEL_HEIGHT)),
    durationSeconds: (float(values.get(DURATION)) * scale) / NANOSECONDS,
    framesPerSecond: 0,
    hasAudio,
  }
}

/** Leaves of what stands in the headers, in order; others are skipped. Ends where the bytes make no sense. */
function* elements(bytes: Buffer): Generator<Element> {
  let at = 0
  for (let count = 0; count < MAX_ELEMENTS && at < bytes.length; count += 1) {
    const id = idAt(bytes, at)
    const size = id && sizeAt(bytes, at + id.length)
    if (!id || !size) return
    const start = at + id.length + size.length
    if (CONTAINERS.has(id.value)) {
      at = start
      continue
    }
    if (size.value === undefined) return
    yield { id: id.value, data: bytes.subarray(start, start + size.value) }
    at = start + size.value
  }
}

/** How many bytes a number has: one more than zeros lead its first byte. */
const lengthOf = (first: number): number => Math.clz32(first) - 23

function idAt(bytes: Buffer, at: number): { value: number; length: number } | undefined {
  const length = lengthOf(bytes[at] ?? 0)
  if (length > MAX_ID_BYTES || at + length > bytes.length) return
  return { value: bytes.readUIntBE(at, length), length }
}

/** A size without a value is not known: that of what is still being written. */
function sizeAt(bytes: Buffer, at: number): { value: number | undefined; length: number } | undefined {
  const length = lengthOf(bytes[at] ?? 0)
  if (length > MAX_SIZE_BYTES || at + length > bytes.length) return
  let value = bytes[at]! & (0xff >> length)
  let isUnknown = value === 0xff >> length
  for (let next = at + 1; next < at + length; next += 1) {
    value = value * 256 + bytes[next]!
    isUnknown &&= bytes[next] === 0xff
  }
  return { value: isUnknown ? undefined : value, length }
}

const MAX_UNSIGNED_BYTES = 6

function unsigned(data: Buffer | undefined): number {
  if (data === undefined || data.length === 0 || data.length > MAX_UNSIGNED_BYTES) return 0
  return data.readUIntBE(0, data.length)
}

function float(data: Buffer | undefined): number {
  if (data?.length === 4) return data.readFloatBE(0)
  return data?.length === 8 ? data.readDoubleBE(0) : 0
}
