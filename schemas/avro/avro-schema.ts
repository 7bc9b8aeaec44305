import { avroFields, type Fields, type RecordSchema } from './dsl.ts'
import { headerFields } from './records/header.ts'

/** A record schema in Avro's JSON form. */
export interface AvroRecord {
  readonly type: 'record'
  readonly name: string
  readonly fields: readonly { readonly name: string; readonly type: unknown }[]
}

/** Field of a topic's record that holds the routing header. It stands first, so its bytes precede the other fields'. */
export const HEADER_FIELD = 'header'

/** Schema of a bus message or of sealed content: the record alone. */
export function bareSchema(schema: RecordSchema): AvroRecord {
  return named(schema.name, avroFields(schema.fields as Fields))
}

/** Schema of a topic's record: header, then the fields. */
export function topicSchema(schema: RecordSchema): AvroRecord {
  const header = { type: 'record', name: 'RecordHeader', fields: avroFields(headerFields) }
  return named(schema.name, [{ name: HEADER_FIELD, type: header }, ...avroFields(schema.fields as Fields)])
}

/**
 * Splits a topic's schema into header and body. An Avro record is the concatenation of its fields, so the two can be read
 * one after the other. `header` is undefined for a bare schema.
 */
export function splitHeader(schema: AvroRecord): { header: object | undefined; body: AvroRecord } {
  const [first, ...rest] = schema.fields
  if (first?.name !== HEADER_FIELD) return { header: undefined, body: schema }
  return { header: first.type as object, body: { type: 'record', name: schema.name, fields: rest } }
}

function named(name: string, fields: unknown[]): AvroRecord {
  return referRepeated({ type: 'record', name, fields }, new Set()) as AvroRecord
}

/** Avro lets a name be defined once: later occurrences become references. */
function referRepeated(schema: unknown, seen: Set<string>): unknown {
  if (Array.isArray(schema)) return schema.map((part) => referRepeated(part, seen))
  if (typeof schema !== 'object' || schema === null) return schema
  const { name } = schema as { name?: string }
  if (name !== undefined && 'type' in schema && isNamedType(schema.type)) {
    if (seen.has(name)) return name
    seen.add(name)
  }
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === 'default' ? value : referRepeated(value, seen),
    ]),
  )
}

function isNamedType(type: unknown): boolean {
  return type === 'record' || type === 'fixed' || type === 'enum'
}
