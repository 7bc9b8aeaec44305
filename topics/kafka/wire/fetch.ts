import { createAPI, type Reader, Writer } from '@platformatic/kafka'
import { ByteReader } from './byte-reader.ts'

export interface FetchPartition {
  readonly partition: number
  readonly from: number
}
export interface FetchTopic {
  /** 16 bytes. */
  readonly id: Buffer
  readonly partitions: readonly FetchPartition[]
}
export interface FetchLimits {
  readonly maxWaitMs: number
  readonly maxBytes: number
  readonly maxPartitionBytes: number
}
/** What a fetch gave for one partition. `error` is 0 where it worked; `records` may be empty. */
export interface Fetched {
  /** Hexadecimal. */
  readonly topicId: string
  readonly partition: number
  readonly error: number
  readonly records: Buffer
}
export interface FetchResponse {
  readonly error: number
  readonly partitions: readonly Fetched[]
}

const FETCH = 1
const VERSION = 17
const UUID_BYTES = 16
const NO_SESSION_EPOCH = -1
const MIN_BYTES = 1

function request(
  { maxWaitMs, maxBytes, maxPartitionBytes }: FetchLimits,
  topics: readonly FetchTopic[],
): Writer {
  return Writer.create()
    .appendInt32(maxWaitMs)
    .appendInt32(MIN_BYTES)
    .appendInt32(maxBytes)
    .appendInt8(0)
    .appendInt32(0)
    .appendInt32(NO_SESSION_EPOCH)
    .appendArray(topics as FetchTopic[], (writer, { id, partitions }) => {
      writer.append(id).appendArray(partitions as FetchPartition[], (inner, { partition, from }) => {
        inner
          .appendInt32(partition)
          .appendInt32(-1)
          .appendInt64(BigInt(from))
          .appendInt32(-1)
          .appendInt64(-1n)
          .appendInt32(maxPartitionBytes)
      })
    })
    .appendArray([], () => undefined)
    .appendString('')
    .appendTaggedFields()
}

function response(_id: number, _api: number, _version: number, reader: Reader): FetchResponse {
  const input = new ByteReader(reader.buffer.slice(reader.position))
  input.skip(4)
  const error = input.int16()
  input.skip(4)
  const partitions: Fetched[] = []
  for (let topics = input.unsigned() - 1; topics > 0; topics--) {
    const topicId = input.take(UUID_BYTES).toString('hex')
    for (let left = input.unsigned() - 1; left > 0; left--) partitions.push(readPartition(input, topicId))
    input.skipTags()
  }
  return { error, partitions }
}

function readPartition(input: ByteReader, topicId: string): Fetched {
  const partition = input.int32()
  const error = input.int16()
  // High watermark, last stable offset, start of the log.
  input.skip(24)
  for (let aborted = input.unsigned() - 1; aborted > 0; aborted--) {
    input.skip(16)
    input.skipTags()
  }
  input.skip(4)
  const records = input.take(Math.max(input.unsigned() - 1, 0))
  input.skipTags()
  return { topicId, partition, error, records }
}

/** Fetch, version 17, without a session: answers as soon as any of the partitions has a record, or when the wait is over. */
export const fetchRecords = createAPI<[limits: FetchLimits, topics: readonly FetchTopic[]], FetchResponse>(
  FETCH,
  VERSION,
  request,
  response,
)
