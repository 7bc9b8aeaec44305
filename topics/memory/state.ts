import { type PartitionSource, Waiters } from '../cursor.ts'
import {
  type Cursor,
  type LogRecord,
  type Offset,
  type ReadLimits,
  type StoredRecord,
  TopicMismatch,
} from '../log.ts'
import type { TopicDefinition, TopicName } from '../topic.ts'

export class MemoryPartition implements PartitionSource {
  readonly records: StoredRecord[] = []
  readonly waiters = new Waiters()
  readonly readers = new Set<Cursor>()
  readonly start = 0 as Offset

  append(records: readonly LogRecord[]): Offset {
    const first = this.records.length as Offset
    for (const { key, value, timestampMs } of records) {
      this.records.push({ key, value, timestampMs, offset: this.records.length as Offset })
    }
    this.waiters.wake()
    return first
  }

  read(from: Offset, limits: ReadLimits): readonly StoredRecord[] {
    let bytes = 0
    let to = from as number
    while (to < this.records.length && to - from < limits.maxRecords) {
      bytes += this.records[to]!.value.length
      if (bytes > limits.maxBytes && to > from) break
      to++
    }
    return this.records.slice(from, to)
  }
}

/** What outlives a `MemoryLog`: the stand-in for a disk. Several logs over one state are several processes on one broker. */
export class MemoryLogState {
  readonly #topics = new Map<TopicName, MemoryPartition[]>()
  readonly commits = new Map<string, Offset>()

  create({ name, partitions }: TopicDefinition): void {
    const known = this.#topics.get(name)
    if (known !== undefined && known.length !== partitions) {
      throw new TopicMismatch(`${name} has ${known.length} partitions, not ${partitions}`)
    }
    if (known === undefined) {
      this.#topics.set(
        name,
        Array.from({ length: partitions }, () => new MemoryPartition()),
      )
    }
  }

  partitions(topic: TopicName): readonly MemoryPartition[] {
    const partitions = this.#topics.get(topic)
    if (partitions === undefined) throw new Error(`no topic ${topic}`)
    return partitions
  }

  partition(topic: TopicName, partition: number): MemoryPartition {
    const found = this.partitions(topic)[partition]
    if (found === undefined) throw new Error(`${topic} has no partition ${partition}`)
    return found
  }
}
