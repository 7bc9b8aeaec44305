import { randomUUID } from 'node:crypto'
import type { Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs'
import type { Offset, StoredRecord } from '../../log.ts'
import type { Place, Reading, RecordSink } from '../client.ts'
import { MAX_FETCH_PARTITION_BYTES, TAIL_WAIT_MS } from '../limits.ts'
import { Backoff } from '../retry.ts'
import { singlePartition } from './single-partition.ts'

/** Reads one partition: a consumer, its connections and a group of its own, for kafkajs knows no other way. */
export class KafkajsReading implements Reading {
  readonly #place: Place
  readonly #sink: RecordSink
  readonly #consumer: Consumer
  #position: number
  #closed = false

  constructor(kafka: Kafka, group: string, place: Place, from: Offset, sink: RecordSink) {
    this.#place = place
    this.#sink = sink
    this.#position = from
    this.#consumer = kafka.consumer({
      groupId: `${group}${randomUUID()}`,
      partitionAssigners: [singlePartition(place.topic, place.partition)],
      maxWaitTimeInMs: TAIL_WAIT_MS,
      maxBytesPerPartition: MAX_FETCH_PARTITION_BYTES,
      retry: { restartOnFailure: async () => !this.#closed },
    })
    // It begins at the end each time it has joined its group, which has committed nothing.
    this.#consumer.on(this.#consumer.events.GROUP_JOIN, () => this.#seek(this.#position))
    void this.#start()
  }

  resume(): void {
    if (!this.#closed) this.#consumer.resume(this.#partitions())
  }

  close(): void {
    this.#closed = true
    this.#consumer.disconnect().catch(() => undefined)
  }

  async #start(): Promise<void> {
    const backoff = new Backoff()
    while (!this.#closed) {
      try {
        await this.#consumer.connect()
        await this.#consumer.subscribe({ topics: [this.#place.topic] })
        await this.#consumer.run({
          autoCommit: false,
          eachBatchAutoResolve: true,
          eachBatch: (payload) => this.#receive(payload),
        })
        return
      } catch {
        await backoff.pause()
      }
    }
  }

  async #receive({ batch }: EachBatchPayload): Promise<void> {
    const records: StoredRecord[] = []
    for (const message of batch.messages) {
      const record = storedRecord(message)
      if (record.offset >= this.#position) records.push(record)
    }
    const last = records.at(-1)
    if (this.#closed || last === undefined) return
    this.#position = last.offset + 1
    if (!this.#sink.receive(records)) this.#consumer.pause(this.#partitions())
  }

  #seek(offset: number): void {
    const { topic, partition } = this.#place
    this.#consumer.seek({ topic, partition, offset: String(offset) })
  }

  #partitions(): { topic: string; partitions: number[] }[] {
    return [{ topic: this.#place.topic, partitions: [this.#place.partition] }]
  }
}

function storedRecord({ key, value, timestamp, offset }: KafkaMessage): StoredRecord {
  return {
    key: key?.toString() ?? '',
    value: value ?? Buffer.alloc(0),
    timestampMs: Number(timestamp),
    offset: Number(offset) as Offset,
  }
}
