import { createAPI, type Reader, Writer } from '@platformatic/kafka'

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

function response(_id: number, _api: number, _version: number, reader: Reader): PartitionPlace[] {
  const places: PartitionPlace[] = []
  reader.readArray((topicReader) => {
    const topic = topicReader.readString()
    topicReader.readArray((inner) => {
      const partition = inner.readInt32()
      const error = inner.readInt16()
      const offset = Number(inner.readInt64())
      inner.skip(16)
      inner.readArray((recordError) => {
        recordError.readInt32()
        recordError.readNullableString()
      })
      inner.readNullableString()
      places.push({ topic, partition, error, offset })
    })
  })
  return places
}

/** Produce, version 11: batches of any partitions that one broker leads, acknowledged by all replicas in sync. */
export const produce = createAPI<
  [timeoutMs: number, batches: readonly PartitionBatch[]],
  readonly PartitionPlace[]
>(PRODUCE, VERSION, request, response)
