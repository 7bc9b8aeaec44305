import { type AvroRecord, bareSchema, splitHeader, topicSchema } from './avro-schema.ts'
import { type AvroType, compile } from './compile.ts'
import type { RecordSchema } from './dsl.ts'
import { bareRecords, topicRecords } from './record-schemas.ts'
import type { RecordHeader } from './records/header.ts'
import type { SchemaRegistry } from './registry.ts'

/** Bytes that are no record, or a record of another shape than its id says. */
export class RecordDecodeError extends Error {}
/** A record whose schema id has not been prepared; `prepare(id)` may find it. */
export class UnknownSchema extends RecordDecodeError {
  readonly id: number

  constructor(id: number) {
    super(`unknown schema id ${id}`)
    this.id = id
  }
}

/** A record by its name; the other fields are the schema's. */
export interface AnyRecord {
  readonly type: string
}
export interface Decoded<R extends AnyRecord = AnyRecord> {
  readonly header: RecordHeader
  readonly record: R
}
/** Schemas besides the project's own, for tests and tools. */
export interface MoreSchemas {
  readonly topic?: readonly RecordSchema[]
  readonly bare?: readonly RecordSchema[]
}

/** How one schema id is written and read. `resolver` is set where the bytes are of an older schema. */
interface Format {
  readonly id: number
  readonly name: string
  readonly header: AvroType | undefined
  readonly body: AvroType
  readonly headerResolver?: object | undefined
  readonly bodyResolver?: object | undefined
}

const MAGIC = 0
const TOPIC_PREFIX_BYTES = 5
const BARE_PREFIX_BYTES = 4
const FIRST_SCRATCH_BYTES = 64 * 1024

/**
 * Records to bytes and back. In topics: the Confluent wire format (0, schema id as 4 bytes big endian, Avro), header
 * first. Bare (bus messages, sealed contents): schema id as 4 bytes big endian, Avro.
 */
export class RecordCodec {
  readonly #registry: SchemaRegistry
  readonly #writers = new Map<string, Format>()
  readonly #readers = new Map<number, Format>()
  #scratch = Buffer.allocUnsafe(FIRST_SCRATCH_BYTES)

  private constructor(registry: SchemaRegistry) {
    this.#registry = registry
  }

  /** Resolves the ids of all the project's schemas, and prepares every older version that the registry can list. */
  static async create(registry: SchemaRegistry, more: MoreSchemas = {}): Promise<RecordCodec> {
    const codec = new RecordCodec(registry)
    const schemas = [
      ...[...topicRecords, ...(more.topic ?? [])].map(topicSchema),
      ...[...bareRecords, ...(more.bare ?? [])].map(bareSchema),
    ]
    // All at once: a registry over a network takes some milliseconds for each.
    await Promise.all(schemas.map((schema) => codec.#register(schema)))
    for (const id of registry.ids?.() ?? []) await codec.prepare(id)
    return codec
  }

  /** Value of a topic's record. Throws where the record does not fit its schema (a bug of the caller). */
  encode<R extends AnyRecord>(header: RecordHeader, record: R): Buffer {
    const format = this.#writer(record.type)
    if (format.header === undefined) throw new Error(`${record.type} is not a record of a topic`)
    this.#scratch[0] = MAGIC
    this.#scratch.writeInt32BE(format.id, 1)
    const end = format.header.encode(header, this.#scratch, TOPIC_PREFIX_BYTES)
    const last = end < 0 ? end : format.body.encode(record, this.#scratch, end)
    return last < 0 ? this.#grow(() => this.encode(header, record)) : this.#copy(last)
  }

  /** The record and its header; `RecordDecodeError` for anything else. */
  decode<R extends AnyRecord = AnyRecord>(value: Buffer): Decoded<R> {
    if (value.length < TOPIC_PREFIX_BYTES || value[0] !== MAGIC) throw new RecordDecodeError('not a record')
    const format = this.#reader(value.readInt32BE(1))
    if (format.header === undefined) throw new RecordDecodeError(`${format.name} has no header`)
    const header = read<RecordHeader>(format.header, value, TOPIC_PREFIX_BYTES, format.headerResolver)
    return { header: header.value, record: readBody<R>(format, value, header.offset) }
  }

  /** A bus message or sealed content. */
  encodeBare<R extends AnyRecord>(record: R): Buffer {
    const format = this.#writer(record.type)
    if (format.header !== undefined) throw new Error(`${record.type} needs a header`)
    this.#scratch.writeInt32BE(format.id, 0)
    const last = format.body.encode(record, this.#scratch, BARE_PREFIX_BYTES)
    return last < 0 ? this.#grow(() => this.encodeBare(record)) : this.#copy(last)
  }

  /** The reverse; `RecordDecodeError` for anything else. */
  decodeBare<R extends AnyRecord = AnyRecord>(bytes: Buffer): R {
    if (bytes.length < BARE_PREFIX_BYTES) throw new RecordDecodeError('not a record')
    const format = this.#reader(bytes.readInt32BE(0))
    if (format.header !== undefined) throw new RecordDecodeError(`${format.name} has a header`)
    return readBody<R>(format, bytes, BARE_PREFIX_BYTES)
  }

  /** Learns to read an id that another version of the software wrote. False where no such record is known here. */
  async prepare(id: number): Promise<boolean> {
    if (this.#readers.has(id)) return true
    const schema = (await this.#registry.schemaOf(id)) as AvroRecord | undefined
    const current = schema && this.#writers.get(schema.name)
    if (schema === undefined || current === undefined) return false
    const format = upcast(id, schema, current)
    if (format !== undefined) this.#readers.set(id, format)
    return format !== undefined
  }

  async #register(schema: AvroRecord): Promise<void> {
    const id = await this.#registry.idOf(schema.name, schema)
    if (this.#writers.has(schema.name)) throw new Error(`two schemas are called ${schema.name}`)
    const format = formatOf(id, schema)
    this.#writers.set(schema.name, format)
    this.#readers.set(id, format)
  }

  #writer(name: string): Format {
    const format = this.#writers.get(name)
    if (format === undefined) throw new Error(`no schema is called ${name}`)
    return format
  }

  #reader(id: number): Format {
    const format = this.#readers.get(id)
    if (format === undefined) throw new UnknownSchema(id)
    return format
  }

  #copy(length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length)
    this.#scratch.copy(bytes, 0, 0, length)
    return bytes
  }

  #grow(again: () => Buffer): Buffer {
    this.#scratch = Buffer.allocUnsafe(this.#scratch.length * 2)
    return again()
  }
}

function formatOf(id: number, schema: AvroRecord): Format {
  const { header, body } = splitHeader(schema)
  return { id, name: schema.name, header: header && compile(header), body: compile(body) }
}

/** Reads bytes of `schema` as the newest schema of that name; undefined where they are not compatible. */
function upcast(id: number, schema: AvroRecord, current: Format): Format | undefined {
  const old = formatOf(id, schema)
  if ((old.header === undefined) !== (current.header === undefined)) return undefined
  try {
    const headerResolver = current.header && old.header && current.header.createResolver(old.header)
    return { ...current, id, headerResolver, bodyResolver: current.body.createResolver(old.body) }
  } catch {
    return undefined
  }
}

function readBody<R extends AnyRecord>(format: Format, bytes: Buffer, from: number): R {
  const { value, offset } = read<R & { type: string }>(format.body, bytes, from, format.bodyResolver)
  if (offset !== bytes.length) throw new RecordDecodeError(`${format.name} is followed by other bytes`)
  value.type = format.name
  return value
}

function read<T>(type: AvroType, bytes: Buffer, from: number, resolver: object | undefined) {
  let result: { value: T; offset: number }
  try {
    result = type.decode(bytes, from, resolver as never) as typeof result
  } catch {
    throw new RecordDecodeError(`bytes do not fit the schema ${type.name}`)
  }
  if (result.offset < 0) throw new RecordDecodeError(`${type.name} is cut short`)
  return result
}
