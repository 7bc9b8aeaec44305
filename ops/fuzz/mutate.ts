import { gunzipSync, gzipSync } from 'node:zlib'
import { seededRandom } from '../load/pace/random.ts'

/** A whole number in [0, `limit`). */
export type Below = (limit: number) => number

export function seededBelow(seed: number): Below {
  const random = seededRandom(seed)
  return (limit) => Math.floor(random() * limit)
}

const MAX_MUTATIONS = 5
const HEADER_BYTES = 128
/** Values at which lengths and counts break. */
const EDGES = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0xffff_ffff]
const GZIP = 0x1f8b

type Mutation = (bytes: Buffer, below: Below, other: Buffer) => Buffer

const within = (bytes: Buffer, below: Below): number => below(Math.max(1, bytes.length))

const flipBit: Mutation = (bytes, below) => {
  const at = within(bytes, below)
  if (at < bytes.length) bytes[at]! ^= 1 << below(8)
  return bytes
}

/** Headers decide most. */
const spoilHeader: Mutation = (bytes, below) => {
  const at = below(Math.max(1, Math.min(HEADER_BYTES, bytes.length)))
  if (at < bytes.length) bytes[at] = below(256)
  return bytes
}

const writeEdge: Mutation = (bytes, below) => {
  const value = EDGES[below(EDGES.length)]!
  const at = within(bytes, below)
  if (at + 4 > bytes.length) return bytes
  if (below(2) === 0) bytes.writeUInt32BE(value, at)
  else bytes.writeUInt32LE(value, at)
  return bytes
}

const truncate: Mutation = (bytes, below) => bytes.subarray(0, within(bytes, below))

const cutOut: Mutation = (bytes, below) => {
  const from = within(bytes, below)
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + within(bytes, below))])
}

const repeat: Mutation = (bytes, below) => {
  const from = within(bytes, below)
  const to = from + below(Math.max(1, bytes.length - from))
  return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)])
}

const splice: Mutation = (bytes, below, other) =>
  Buffer.concat([bytes.subarray(0, within(bytes, below)), other.subarray(within(other, below))])

const MUTATIONS = [
  flipBit,
  spoilHeader,
  writeEdge,
  flipBit,
  spoilHeader,
  writeEdge,
  truncate,
  cutOut,
  repeat,
  splice,
]

/** A damaged copy of `sample`, by the numbers of `below`; `other` is one to take pieces of. Packed ones also inside. */
export function mutate(sample: Buffer, other: Buffer, below: Below): Buffer {
  const isPacked = sample.length > 2 && sample.readUInt16BE(0) === GZIP
  if (isPacked && below(2) === 0) return gzipSync(damaged(gunzipSync(sample), other, below), { level: 1 })
  return damaged(sample, other, below)
}

function damaged(sample: Buffer, other: Buffer, below: Below): Buffer {
  let bytes: Buffer = Buffer.from(sample)
  const count = 1 + below(MAX_MUTATIONS)
  for (let done = 0; done < count; done += 1) bytes = MUTATIONS[below(MUTATIONS.length)]!(bytes, below, other)
  return bytes
}
