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
  readonly #backoff = new Backoff()
  #position: number
  #paused = false
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
      retry: { restartOnFailure: async () => false },
    })
    const { GROUP_JOIN, STOP, CRASH } = this.#consumer.events
    // The group has committed nothing: each time it is joined, kafkajs must be told where to begin.
    this.#consumer.on(GROUP_JOIN, () => this.#joined())
    // What is stopped cannot be resumed, and is not paused when it runs again.
    this.#consumer.on(STOP, () => {
      this.#paused = false
    })
    // By itself kafkajs would not run again after failures that pass too, as of a coordinator that is not found.
    this.#consumer.on(CRASH, () => this.#restart())
    void this.#start()
  }

  resume(): void {
    if (!this.#paused || this.#closed) return
    this.#paused = false
    this.#consumer.resume(this.#partitions())
  }

  close(): void {
    this.#closed = true
    this.#consumer.disconnect().catch(() => undefined)
  }

  async #start(): Promise<void> {
    while (!this.#closed) {
      try {
        await this.#consumer.connect()
        // Where kafkajs goes on when the position is beyond the end, or before the start. From the end on, what has come
        // since it was refused would be left out.
        await this.#consumer.subscribe({ topics: [this.#place.topic], fromBeginning: true })
        await this.#consumer.run({
          autoCommit: false,
          eachBatchAutoResolve: true,
          eachBatch: (payload) => this.#receive(payload),
        })
        if (this.#closed) await this.#consumer.disconnect()
        return
      } catch {
        await this.#backoff.pause()
      }
    }
  }

  async #restart(): Promise<void> {
    await this.#backoff.pause()
    await this.#start()
  }

  #joined(): void {
    this.#backoff.reset()
    this.#seek(this.#position)
  }

  async #receive({ batch }: EachBatchPayload): Promise<void> {
    const records: StoredRecord[] = []
    for (const message of batch.messages) {
      const record = storedRecord(message)
      if (record.offset >= this.#position) records.push(record)
    }
    if (this.#closed) return
    const last = records.at(-1)
    if (last === undefined) {
      // The position was beyond the end, and may still be.
      this.#seek(Math.min(this.#position, Number(batch.highWatermark)))
      return
    }
    this.#position = last.offset + 1
    if (this.#sink.receive(records)) return
    this.#paused = true
    this.#consumer.pause(this.#partitions())
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
