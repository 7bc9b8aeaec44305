import {
  type RecordCodec,
  RecordDecodeError,
  type RecordHeader,
  UnknownSchema,
} from '@heliograph/schemas/avro'
import { type Log, type Offset, partitionOf, type StoredRecord, type TopicName } from '@heliograph/topics'

const READ = { maxRecords: 1024, maxBytes: 4 * 1024 * 1024 }

/** A record as it stands in the log. */
export interface Inspected {
  readonly topic: TopicName
  readonly partition: number
  readonly offset: number
  readonly timestampMs: number
  readonly key: string
  /** Undefined where the bytes are no record that this software can read; `error` says why. */
  readonly header: RecordHeader | undefined
  readonly record: TypedFields | undefined
  readonly error: string | undefined
  readonly bytes: number
}
/** A record with whatever fields its schema has. */
export interface TypedFields {
  readonly type: string
  readonly [field: string]: unknown
}
/** Which records of a partition are wanted. */
export interface Wanted {
  readonly topic: TopicName
  readonly partition: number
  /** All keys if absent. */
  readonly key?: string
  readonly from: number
  readonly limit: number
}

/** The place of everything about a key. */
export function placeOf(
  log: Log,
  topic: TopicName,
  key: string,
): Pick<Wanted, 'topic' | 'partition' | 'key'> {
  return { topic, partition: partitionOf(key, log.partitions(topic)), key }
}

/**
 * The first records of a partition that are wanted, of those that are there at this moment. A key has no index: all from
 * `from` on are read. `onRead` is told how many have been, and how many there are.
 */
export async function* inspect(
  { log, codec }: { readonly log: Log; readonly codec: RecordCodec },
  { topic, partition, key, from, limit }: Wanted,
  onRead: (read: number, total: number) => void = () => {},
): AsyncGenerator<Inspected> {
  const [start, end] = await Promise.all([log.start(topic, partition), log.end(topic, partition)])
  const first = Math.max(start, from)
  if (first >= end || limit <= 0) return
  const cursor = log.open(topic, partition, first as Offset)
  let found = 0
  try {
    while (cursor.position < end) {
      for (const stored of await cursor.next(READ)) {
        if (stored.offset >= end) return
        if (key !== undefined && stored.key !== key) continue
        yield { topic, partition, ...(await inspected(codec, stored)) }
        if (++found >= limit) return
      }
      onRead(cursor.position - first, end - first)
    }
  } finally {
    cursor.close()
  }
}

async function inspected(codec: RecordCodec, { value, ...stored }: StoredRecord) {
  const { offset, key, timestampMs } = stored
  return { offset, key, timestampMs, bytes: value.length, ...(await decoded(codec, value)) }
}

/** A record and its header, or why there is none. An empty value lets a parked actor go on. */
export async function decoded(
  codec: RecordCodec,
  value: Buffer,
): Promise<Pick<Inspected, 'header' | 'record' | 'error'>> {
  if (value.length === 0)
    return { header: undefined, record: undefined, error: 'no value: releases a parked actor' }
  try {
    return { ...codec.decode<TypedFields>(value), error: undefined }
  } catch (error) {
    if (!(error instanceof RecordDecodeError)) throw error
    if (error instanceof UnknownSchema && (await codec.prepare(error.id))) return decoded(codec, value)
    return { header: undefined, record: undefined, error: error.message }
  }
}
