import type { Position } from '@heliograph/schemas/avro'
import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'

interface Mark {
  readonly topic: string
  readonly partition: number
  offset: number
  index: number
}

/**
 * The highest cause seen of each source partition. Consequences of one source partition are appended in order, and after
 * a crash again from some earlier one on: whatever is not above the mark has been seen.
 */
export class Watermarks {
  readonly #marks: Mark[] = []

  /** True where `cause` is new, which then is the mark; null (a gateway's record) is always new. */
  see(cause: Position | null): boolean {
    if (cause === null) return true
    const mark = this.#find(cause)
    if (mark === undefined) {
      const { topic, partition, offset, index } = cause
      this.#marks.push({ topic, partition, offset, index })
      return true
    }
    const newer = cause.offset > mark.offset || (cause.offset === mark.offset && cause.index > mark.index)
    if (!newer) return false
    mark.offset = cause.offset
    mark.index = cause.index
    return true
  }

  /** There are as many marks as source partitions (a few dozen at most), so a scan beats building a key. */
  #find(cause: Position): Mark | undefined {
    for (const mark of this.#marks) {
      if (mark.partition === cause.partition && mark.topic === cause.topic) return mark
    }
    return undefined
  }

  write(to: ByteWriter): void {
    to.number(this.#marks.length)
    for (const { topic, partition, offset, index } of this.#marks) {
      to.text(topic)
      to.number(partition)
      to.number(offset)
      to.number(index)
    }
  }

  static read(from: ByteReader): Watermarks {
    const watermarks = new Watermarks()
    for (let left = from.number(); left > 0; left--) {
      const topic = from.text()
      const partition = from.number()
      const offset = from.number()
      watermarks.#marks.push({ topic, partition, offset, index: from.number() })
    }
    return watermarks
  }
}
