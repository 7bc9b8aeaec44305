import { type Entry, entriesById, METHOD_TYPE, standsFor } from './constructors.ts'
import { type DecodeReason, TlDecodeError } from './decode-error.ts'
import { BOOL, type Loose } from './generated/codec.js'
import { gunzip } from './gzip.ts'
import { BOOL_FALSE_ID, BOOL_TRUE_ID, GZIP_PACKED_ID, VECTOR_ID } from './ids.ts'

/** Bounds on what bytes from outside may make us do. */
export interface TlLimits {
  /** The most objects within one another. */
  readonly maxDepth?: number
  /** The most elements of one vector. */
  readonly maxVectorLength?: number
  /** The most bytes that all `gzip_packed` of one value may expand to. */
  readonly maxInflatedBytes?: number
  /** Whether old constructors are turned into the newest layer's shape. */
  readonly upgrade?: boolean
}

const MAX_DEPTH = 64
const MAX_VECTOR_LENGTH = 1 << 20
const MAX_INFLATED_BYTES = 4 << 20
const LONG_LENGTH = 254
const TWO_POW_32 = 4294967296

// One 8-byte cell, seen as what it may hold: cheaper than a DataView per reader.
const cell = new Uint8Array(8)
const cellAsInt32 = new Int32Array(cell.buffer)
const cellAsInt64 = new BigInt64Array(cell.buffer)
const cellAsDouble = new Float64Array(cell.buffer)

/** Reads TL values, little-endian. Whatever is wrong with the bytes is a {@link TlDecodeError}. */
export class TlReader {
  position = 0
  private readonly buffer: Buffer
  private readonly maxDepth: number
  private readonly maxVectorLength: number
  private inflatable: number
  private readonly upgrade: boolean
  private depth = 0

  constructor(bytes: Uint8Array, limits?: TlLimits) {
    this.buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    this.maxDepth = limits?.maxDepth ?? MAX_DEPTH
    this.maxVectorLength = limits?.maxVectorLength ?? MAX_VECTOR_LENGTH
    this.inflatable = limits?.maxInflatedBytes ?? MAX_INFLATED_BYTES
    this.upgrade = limits?.upgrade ?? false
  }

  /** Bytes not read yet. */
  get remaining(): number {
    return this.buffer.length - this.position
  }

  int32(): number {
    const at = this.position
    const b = this.buffer
    if (at + 4 > b.length) this.fail('truncated')
    this.position = at + 4
    return b[at]! | (b[at + 1]! << 8) | (b[at + 2]! << 16) | (b[at + 3]! << 24)
  }

  uint32(): number {
    return this.int32() >>> 0
  }

  /** A `long` as a signed bigint. */
  int64(): bigint {
    this.fillCell()
    return cellAsInt64[0]!
  }

  /** A `long` that holds an integer below 2^53 (beyond, precision is lost). */
  int53(): number {
    const low = this.int32() >>> 0
    return this.int32() * TWO_POW_32 + low
  }

  double(): number {
    this.fillCell()
    return cellAsDouble[0]!
  }

  bool(): boolean {
    const id = this.int32()
    if (id === BOOL_TRUE_ID) return true
    if (id !== BOOL_FALSE_ID) this.fail('bad bool', id)
    return false
  }

  /** The next `length` bytes, copied, without a length before them. */
  raw(length: number): Buffer {
    const from = this.position
    if (length < 0 || from + length > this.buffer.length) this.fail('truncated')
    this.position = from + length
    const copy = Buffer.allocUnsafe(length)
    this.buffer.copy(copy, 0, from, from + length)
    return copy
  }

  /** The next `length` bytes as a view of the input. */
  view(length: number): Buffer {
    const from = this.position
    if (length < 0 || from + length > this.buffer.length) this.fail('truncated')
    this.position = from + length
    return this.buffer.subarray(from, from + length)
  }

  /** TL `bytes`, copied. */
  bytes(): Buffer {
    const length = this.length()
    const value = this.raw(length)
    this.skipPadding()
    return value
  }

  /** TL `string`; bytes that are not UTF-8 become U+FFFD. */
  string(): string {
    const length = this.length()
    const from = this.position
    if (from + length > this.buffer.length) this.fail('truncated')
    this.position = from + length
    const value = length === 0 ? '' : this.buffer.toString('utf8', from, from + length)
    this.skipPadding()
    return value
  }

  /** Any boxed value: an object, a method call, a Bool or a vector of objects. */
  object(): unknown {
    const id = this.int32()
    if (id === BOOL_TRUE_ID) return true
    if (id === BOOL_FALSE_ID) return false
    if (id === VECTOR_ID) return this.elements(() => this.nested(() => this.object()))
    const entry = entriesById.get(id)
    if (entry === undefined) this.fail('unknown constructor', id)
    return this.body(entry)
  }

  /** A method call of any layer, also one inside `gzip_packed`. */
  call(): Loose {
    const id = this.int32()
    if (id === GZIP_PACKED_ID) return this.packedCall()
    const entry = entriesById.get(id)
    if (entry === undefined) this.fail('unknown constructor', id)
    if (entry.type !== METHOD_TYPE) this.fail('not a method', id)
    return this.body(entry)
  }

  /** An object of the type with this number (for the generated code). */
  boxed(type: number): unknown {
    const id = this.int32()
    const entry = entriesById.get(id)
    if (entry !== undefined && entry.type === type) return this.body(entry)
    if (type === BOOL && (id === BOOL_TRUE_ID || id === BOOL_FALSE_ID)) return id === BOOL_TRUE_ID
    const other = this.upgrade && entry !== undefined ? standsFor(type, entry) : undefined
    if (other !== undefined) return { ...this.body(entry!), _: other }
    this.fail(entry === undefined ? 'unknown constructor' : 'wrong type', id)
  }

  /** A vector of objects of one type (for the generated code). */
  boxedVector(type: number, bare: boolean): unknown[] {
    const count = this.vectorLength(bare)
    const items: unknown[] = []
    for (let i = 0; i < count; i++) items.push(this.boxed(type))
    return items
  }

  /** A vector of anything else (for the generated code). */
  vectorOf(read: (r: TlReader) => unknown, bare: boolean): unknown[] {
    if (!bare && this.int32() !== VECTOR_ID) this.fail('wrong type')
    return this.elements(read)
  }

  /** Asserts that everything has been read. */
  end(): void {
    if (this.position !== this.buffer.length) this.fail('trailing bytes')
  }

  private elements(read: (r: TlReader) => unknown): unknown[] {
    const count = this.vectorLength(true)
    const items: unknown[] = []
    for (let i = 0; i < count; i++) items.push(read(this))
    return items
  }

  private body(entry: Entry): Loose {
    if (++this.depth > this.maxDepth) this.fail('too deep', entry.id)
    const value = entry.read(this)
    this.depth--
    return this.upgrade && entry.upgrade !== null ? entry.upgrade(value) : value
  }

  private nested<T>(read: () => T): T {
    if (++this.depth > this.maxDepth) this.fail('too deep')
    const value = read()
    this.depth--
    return value
  }

  private packedCall(): Loose {
    const inflated = gunzip(this.bytes(), this.inflatable)
    const inner = new TlReader(inflated, {
      maxDepth: this.maxDepth - this.depth - 1,
      maxVectorLength: this.maxVectorLength,
      maxInflatedBytes: this.inflatable - inflated.length,
      upgrade: this.upgrade,
    })
    if (this.depth + 1 >= this.maxDepth) this.fail('too deep', GZIP_PACKED_ID)
    const call = inner.call()
    inner.end()
    return call
  }

  private vectorLength(bare: boolean): number {
    if (!bare && this.int32() !== VECTOR_ID) this.fail('wrong type')
    const count = this.int32()
    // Every element takes at least four bytes, so that a short input never makes a long array.
    if (count < 0 || count > this.maxVectorLength || count * 4 > this.remaining) this.fail('vector too long')
    return count
  }

  private length(): number {
    const at = this.position
    const b = this.buffer
    if (at >= b.length) this.fail('truncated')
    const first = b[at]!
    if (first < LONG_LENGTH) {
      this.position = at + 1
      return first
    }
    if (first !== LONG_LENGTH) this.fail('bad length')
    return this.int32() >>> 8
  }

  private skipPadding(): void {
    const aligned = (this.position + 3) & ~3
    if (aligned > this.buffer.length) this.fail('truncated')
    this.position = aligned
  }

  private fillCell(): void {
    cellAsInt32[0] = this.int32()
    cellAsInt32[1] = this.int32()
  }

  private fail(reason: DecodeReason, id?: number): never {
    throw new TlDecodeError(reason, id)
  }
}
