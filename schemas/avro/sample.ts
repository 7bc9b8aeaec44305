import type { AvroRecord } from './avro-schema.ts'
import { compile } from './compile.ts'

/** Sample bytes of a schema: one with every optional value there, one with none. */
export function samplesOf(schema: AvroRecord): Buffer[] {
  const type = compile(schema)
  const named: Named = new Map()
  collect(schema, named)
  return [true, false].map((full) => type.toBuffer(sample(schema, full, named)))
}

/** The types that a schema defines, wherever they stand: a sample may leave out the part that defines what a later one names. */
function collect(schema: unknown, named: Named): void {
  if (typeof schema !== 'object' || schema === null) return
  if (!Array.isArray(schema)) {
    const { name, type } = schema as { name?: string; type?: unknown }
    if (name !== undefined && (type === 'record' || type === 'fixed')) named.set(name, schema)
  }
  for (const part of Object.values(schema)) collect(part, named)
}

type Named = Map<string, unknown>

/** A value of the schema, the same each time. */
function sample(schema: unknown, full: boolean, named: Named): unknown {
  if (Array.isArray(schema)) return full ? sample(schema[1], full, named) : null
  if (typeof schema === 'string') return primitive(schema, full, named)
  const inline = schema as { type: string; items?: unknown; fields?: AvroRecord['fields'] }
  if (inline.type === 'array') return full ? [sample(inline.items, full, named)] : []
  if (inline.type === 'fixed') return full ? -(2n ** 62n) : 7n
  if (inline.type !== 'record') return primitive(inline.type, full, named)
  return Object.fromEntries(
    (inline.fields ?? []).map((field) => [field.name, sample(field.type, full, named)]),
  )
}

function primitive(type: string, full: boolean, named: Named): unknown {
  if (type === 'string') return full ? 'Zoë 🦊' : ''
  if (type === 'int') return full ? -70_000 : 0
  if (type === 'long') return full ? 1_000_000_000_123 : 0
  if (type === 'boolean') return full
  if (type === 'bytes') return full ? Buffer.from([0, 127, 128, 255]) : Buffer.alloc(0)
  return sample(named.get(type), full, named)
}
