import { TopicMismatch } from '../log.ts'
import type { TopicDefinition, TopicName } from '../topic.ts'
import type { LogSpace } from './log-store.ts'
import { LmdbPartition } from './partition.ts'

export interface StoredTopic {
  readonly retention: TopicDefinition['retention']
  readonly partitions: readonly LmdbPartition[]
}

/** Numbers topics, and remembers their partition counts. */
export class TopicCatalogue {
  readonly #space: LogSpace
  readonly #log: LogSpace
  readonly #topics = new Map<TopicName, StoredTopic>()

  constructor(space: LogSpace, log: LogSpace) {
    this.#space = space
    this.#log = log
  }

  /** Throws `TopicMismatch` where the topic exists with another partition count. */
  create({ name, partitions, retention }: TopicDefinition): void {
    const kept = this.#space.copy(name)
    const count = kept?.readUInt16BE(1) ?? partitions
    if (count !== partitions) throw new TopicMismatch(`${name} has ${count} partitions, not ${partitions}`)
    if (this.#topics.has(name)) return
    const number = kept?.[0] ?? this.#keep(name, partitions)
    const opened = Array.from({ length: partitions }, (_, partition) => {
      const prefix = Buffer.from([number, partition >> 8, partition & 0xff]).toString('latin1')
      return new LmdbPartition(this.#log, prefix)
    })
    this.#topics.set(name, { retention, partitions: opened })
  }

  of(name: TopicName): StoredTopic {
    const topic = this.#topics.get(name)
    if (topic === undefined) throw new Error(`no topic ${name}`)
    return topic
  }

  all(): Iterable<StoredTopic> {
    return this.#topics.values()
  }

  /** Numbers are given in the order of creation, from 1. */
  #keep(name: TopicName, partitions: number): number {
    const number = [...this.#space.range('\0', '\u00ff')].length + 1
    this.#space.put(name, Buffer.from([number, partitions >> 8, partitions & 0xff]))
    return number
  }
}
