import type { ColumnType } from '../table.ts'
import {
  readBytes,
  readSigned,
  readText,
  readVarint,
  reserve,
  type Sink,
  type Source,
  writeBytes,
  writeSigned,
  writeText,
  writeVarint,
} from './bytes.ts'

/** How a column's value is kept in a row. `write` is never given null, and throws on a value of another type. */
export interface Column {
  write(sink: Sink, value: unknown): void
  read(source: Source): unknown
}

const INT64_BYTES = 8

const whole: Column = {
  write: (sink, value) => {
    if (!Number.isSafeInteger(value)) throw new TypeError(`not a whole number: ${typeof value}`)
    writeSigned(sink, value as number)
  },
  read: readSigned,
}
const text: Column = {
  write: (sink, value) => {
    if (typeof value !== 'string') throw new TypeError(`not a text: ${typeof value}`)
    writeText(sink, value)
  },
  read: readText,
}

export const columns: Readonly<Record<ColumnType, Column>> = {
  int: whole,
  bigint: whole,
  text,
  int64: {
    write: (sink, value) => {
      reserve(sink, INT64_BYTES)
      sink.at = sink.bytes.writeBigInt64LE(value as bigint, sink.at)
    },
    read: (source) => {
      source.at += INT64_BYTES
      return source.bytes.readBigInt64LE(source.at - INT64_BYTES)
    },
  },
  boolean: {
    write: (sink, value) => {
      if (typeof value !== 'boolean') throw new TypeError(`not a boolean: ${typeof value}`)
      writeVarint(sink, value ? 1 : 0)
    },
    read: (source) => readVarint(source) === 1,
  },
  blob: { write: (sink, value) => writeBytes(sink, value as Uint8Array), read: readBytes },
  'list<int>': listOf(whole),
  'list<bigint>': listOf(whole),
  'list<text>': listOf(text),
}

function listOf(item: Column): Column {
  return {
    write: (sink, value) => {
      const items = value as readonly unknown[]
      writeVarint(sink, items.length)
      for (const each of items) item.write(sink, each)
    },
    read: (source) => {
      const items = new Array<unknown>(readVarint(source))
      for (let i = 0; i < items.length; i++) items[i] = item.read(source)
      return items
    },
  }
}
