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

  /** As avsc would by way of `_fromValue`, without a buffer for each number. What is cut short shows by the position. */
  _read(tap: Tap): bigint {
    const at = tap.pos
    tap.pos += INT64_BYTES
    return tap.pos > tap.buf.length ? 0n : tap.buf.readBigInt64LE(at)
  }

  _write(tap: Tap, value: unknown): void {
    if (typeof value !== 'bigint') throw new TypeError(`not a bigint: ${typeof value}`)
    const at = tap.pos
    tap.pos += INT64_BYTES
    if (tap.pos <= tap.buf.length) tap.buf.writeBigInt64LE(value, at)
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

/** avsc copies what it reads into zeroed memory of its own, which costs more than Node's pool. */
class PooledBytesType extends avro.types.BytesType {
  _read(tap: Tap): Buffer {
    const length = tap.readLong()
    const from = tap.pos
    if (!(length >= 0 && length <= tap.buf.length - from)) throw new RangeError('bytes are cut short')
    tap.pos += length
    const bytes = Buffer.allocUnsafe(length)
    tap.buf.copy(bytes, 0, from, tap.pos)
    return bytes
  }
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
    typeHook: (part, options) => {
      if (isBytes(part)) return new PooledBytesType()
      return isArray(part) ? new BoundedArrayType(part, options) : undefined
    },
  })
  makePlain(type, new Set())
  return type
}

function isArray(schema: unknown): schema is { type: 'array' } {
  return typeof schema === 'object' && schema !== null && (schema as { type?: unknown }).type === 'array'
}

function isBytes(schema: unknown): boolean {
  return (schema as { type?: unknown }).type === 'bytes' && !Object.hasOwn(schema as object, 'logicalType')
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
