import { createAPI, type Reader, Writer } from '@platformatic/kafka'
import { ByteReader } from './byte-reader.ts'

/** An encoded batch on its way to a partition. */
export interface PartitionBatch {
  readonly topic: string
  readonly partition: number
  readonly batch: Buffer
}
/** What the broker says to a batch; `error` is 0 where it stands at `offset`. */
export interface PartitionPlace {
  readonly topic: string
  readonly partition: number
  readonly error: number
  readonly offset: number
}

const PRODUCE = 0
const VERSION = 11
const ALL_REPLICAS = -1

function request(timeoutMs: number, batches: readonly PartitionBatch[]): Writer {
  const topics = [...byTopic(batches)]
  return Writer.create()
    .appendString(null)
    .appendInt16(ALL_REPLICAS)
    .appendInt32(timeoutMs)
    .appendArray(topics, (writer, [topic, ofTopic]) => {
      writer.appendString(topic).appendArray(ofTopic, (inner, { partition, batch }) => {
        inner
          .appendInt32(partition)
          .appendUnsignedVarInt(batch.length + 1)
          .append(batch)
      })
    })
    .appendTaggedFields()
}

function byTopic(batches: readonly PartitionBatch[]): Map<string, PartitionBatch[]> {
  const topics = new Map<string, PartitionBatch[]>()
  for (const batch of batches) {
    const known = topics.get(batch.topic)
    if (known === undefined) topics.set(batch.topic, [batch])
    else known.push(batch)
  }
  return topics
}

/** The broker's answer: an element for each partition. */
export function readPlaces(input: ByteReader): PartitionPlace[] {
  const places: PartitionPlace[] = []
  for (let topics = input.unsigned() - 1; topics > 0; topics--) {
    const topic = input.take(input.unsigned() - 1).toString()
    for (let left = input.unsigned() - 1; left > 0; left--) places.push(readPlace(input, topic))
    input.skipTags()
  }
  return places
}

function readPlace(input: ByteReader, topic: string): PartitionPlace {
  const partition = input.int32()
  const error = input.int16()
  const offset = input.int64()
  // The time of the append, and the start of the log.
  input.skip(16)
  for (let records = input.unsigned() - 1; records > 0; records--) {
    input.skip(4)
    skipText(input)
    input.skipTags()
  }
  skipText(input)
  // Where the broker does not lead the partition, these say who does (KIP-951).
  input.skipTags()
  return { topic, partition, error, offset }
}

function skipText(input: ByteReader): void {
  input.skip(Math.max(input.unsigned() - 1, 0))
}

function response(_id: number, _api: number, _version: number, reader: Reader): PartitionPlace[] {
  return readPlaces(new ByteReader(reader.buffer.slice(reader.position)))
}

/** Produce, version 11: batches of any partitions that one broker leads, acknowledged by all replicas in sync. */
export const produce = createAPI<
  [timeoutMs: number, batches: readonly PartitionBatch[]],
  readonly PartitionPlace[]
>(PRODUCE, VERSION, request, response)
