import avro from 'avsc'

/** An avsc type, as far as it is used here. */
export type AvroType = avro.Type

const INT64_BYTES = 8

/** A 64-bit number as a JavaScript bigint; 8 bytes little endian on the wire. */
class Int64Type extends avro.types.LogicalType {
  override _fromValue(value: Buffer): bigint {
    return value.readBigInt64LE(0)
  }

  override _toValue(value: unknown): Buffer | undefined {
    if (typeof value !== 'bigint') return undefined
    const bytes = Buffer.allocUnsafe(INT64_BYTES)
    bytes.writeBigInt64LE(value)
    return bytes
  }

  override _resolve(writer: unknown): ((value: bigint) => bigint) | undefined {
    return writer instanceof Int64Type ? (value) => value : undefined
  }
}

interface Tap {
  readonly buf: Buffer
  pos: number
  readLong(): number
  skipLong(): void
}
interface Readable {
  _read(tap: Tap): unknown
}

/** Every item of every array here takes a byte at least, so a longer count is a lie that must not be believed. */
class BoundedArrayType extends avro.types.ArrayType {
  _read(tap: Tap): unknown[] {
    const items = this.itemsType as unknown as Readable
    const values: unknown[] = []
    for (let count = tap.readLong(); count !== 0; count = tap.readLong()) {
      if (count < 0) {
        count = -count
        tap.skipLong()
      }
      if (!(count <= tap.buf.length - tap.pos)) throw new RangeError('array is longer than its bytes')
      while (count-- > 0) values.push(items._read(tap))
    }
    return values
  }
}

/** Compiles an Avro schema. Decoded records are plain objects. */
export function compile(schema: object): AvroType {
  const type = avro.Type.forSchema(schema as avro.Schema, {
    logicalTypes: { int64: Int64Type },
    omitRecordMethods: true,
    typeHook: (part, options) => (isArray(part) ? new BoundedArrayType(part, options) : undefined),
  })
  makePlain(type, new Set())
  return type
}

function isArray(schema: unknown): schema is { type: 'array' } {
  return typeof schema === 'object' && schema !== null && (schema as { type?: unknown }).type === 'array'
}

interface Internals {
  readonly fields?: readonly { readonly type: Internals }[]
  readonly types?: readonly Internals[]
  readonly itemsType?: Internals
  readonly recordConstructor?: { prototype: object }
}

/** avsc makes a class per record; its instances are given the prototype of plain objects instead. */
function makePlain(type: object, seen: Set<object>): void {
  if (seen.has(type)) return
  seen.add(type)
  const inside = type as Internals
  if (inside.recordConstructor !== undefined) inside.recordConstructor.prototype = Object.prototype
  for (const field of inside.fields ?? []) makePlain(field.type, seen)
  for (const branch of inside.types ?? []) makePlain(branch, seen)
  if (inside.itemsType !== undefined) makePlain(inside.itemsType, seen)
}
