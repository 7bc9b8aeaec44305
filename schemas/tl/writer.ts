import { type Loose, layers } from './generated/codec.js'
import { BOOL_FALSE_ID, BOOL_TRUE_ID, VECTOR_ID } from './ids.ts'
import { type LayerTable, type Plan, tableOf } from './tables.ts'

const INITIAL_BYTES = 1024
const LONG_LENGTH = 254
const MAX_LENGTH = 0xffffff
const SHORT_TEXT = 64
const MAX_BYTES_PER_UNIT = 3
const TWO_POW_32 = 4294967296

const cell = new Uint8Array(8)
const cellAsInt64 = new BigInt64Array(cell.buffer)
const cellAsDouble = new Float64Array(cell.buffer)

/**
 * Writes TL values, little-endian, into a buffer that grows and can be used again. Values are of the newest layer and
 * are written for the layer given last; what that layer cannot express gets its fallback (see `compat/`).
 */
export class TlWriter {
  private buffer: Buffer
  private position = 0
  private table: LayerTable

  constructor(initialBytes = INITIAL_BYTES, table: LayerTable = tableOf(layers.at(-1)!)) {
    this.buffer = Buffer.allocUnsafeSlow(initialBytes)
    this.table = table
  }

  /** Bytes written so far. */
  get length(): number {
    return this.position
  }

  /** Forgets what was written; views from `result()` become invalid. */
  reset(): this {
    this.position = 0
    return this
  }

  /** Sets how objects are written from here on. */
  using(table: LayerTable): this {
    this.table = table
    return this
  }

  /** What was written, as a view that the next write or reset may overwrite. */
  result(): Buffer {
    return this.buffer.subarray(0, this.position)
  }

  /** What was written, as a buffer of its own. */
  copy(): Buffer {
    const copy = Buffer.allocUnsafe(this.position)
    this.buffer.copy(copy, 0, 0, this.position)
    return copy
  }

  int32(value: number): void {
    const at = this.reserve(4)
    const b = this.buffer
    b[at] = value
    b[at + 1] = value >> 8
    b[at + 2] = value >> 16
    b[at + 3] = value >> 24
  }

  uint32(value: number): void {
    this.int32(value | 0)
  }

  int64(value: bigint): void {
    cellAsInt64[0] = value
    this.appendCell()
  }

  /** A `long` given as a safe integer. */
  int53(value: number): void {
    this.int32(value | 0)
    this.int32(Math.floor(value / TWO_POW_32) | 0)
  }

  double(value: number): void {
    cellAsDouble[0] = value
    this.appendCell()
  }

  bool(value: boolean): void {
    this.int32(value ? BOOL_TRUE_ID : BOOL_FALSE_ID)
  }

  /** Bytes as they are, without a length. */
  append(bytes: Uint8Array): void {
    const at = this.reserve(bytes.length)
    this.buffer.set(bytes, at)
  }

  /** Exactly `length` bytes: shorter values are filled with zeros. */
  fixed(bytes: Uint8Array, length: number): void {
    const at = this.reserve(length)
    this.buffer.fill(0, at, at + length)
    this.buffer.set(bytes.length > length ? bytes.subarray(0, length) : bytes, at)
  }

  /** TL `bytes`. */
  bytes(value: Uint8Array): void {
    const at = this.reserve(value.length + 8)
    const from = at + this.putLength(at, value.length)
    this.buffer.set(value, from)
    this.pad(from + value.length)
  }

  /** TL `string`, as UTF-8. */
  string(value: string): void {
    const units = value.length
    const at = this.reserve(units * MAX_BYTES_PER_UNIT + 8)
    const b = this.buffer
    if (units <= SHORT_TEXT) {
      let i = 0
      for (; i < units; i++) {
        const code = value.charCodeAt(i)
        if (code >= 0x80) break
        b[at + 1 + i] = code
      }
      if (i === units) {
        b[at] = units
        this.pad(at + 1 + units)
        return
      }
    }
    this.longString(value, at)
  }

  /** An object, a method call, a Bool or a vector of objects, for `layer` if it is given. */
  object(value: unknown, layer?: number): void {
    if (layer !== undefined && layer !== this.table.layer) this.table = tableOf(layer)
    if (typeof value === 'boolean') this.bool(value)
    else if (Array.isArray(value)) this.anyVector(value)
    else this.named(value as Loose)
  }

  /** A method call. */
  call(value: Loose): void {
    const plan = this.table.methods.get(value._)
    if (plan === undefined) throw new TypeError(`layer ${this.table.layer} has no method ${value._}`)
    this.planned(plan, value)
  }

  /** An object of the type with this number, or what stands for it (for the generated code). */
  boxed(value: Loose, type: number): void {
    const plan = this.table.objects.get(value._)
    if (plan !== undefined && plan.type === type) this.planned(plan, value)
    else this.misfit(value, type)
  }

  /** Like `boxed`, for fields that the newest layer need not have. */
  boxedOr(value: Loose | undefined, type: number): void {
    if (value === undefined) this.fallback(type)
    else this.boxed(value, type)
  }

  /** Whether an optional value is there and the layer can express it (for the generated code). */
  fits(value: Loose | undefined, type: number): boolean {
    if (value === undefined) return false
    return this.table.strict || this.table.objects.get(value._)?.type === type
  }

  /** A vector of objects that all fit (for the generated code). */
  boxedVector(items: readonly Loose[], type: number, bare: boolean): void {
    if (!bare) this.int32(VECTOR_ID)
    this.int32(items.length)
    for (let i = 0; i < items.length; i++) this.boxed(items[i]!, type)
  }

  /** A vector of those objects that the layer can express (for the generated code). */
  fittingVector(items: readonly Loose[], type: number, bare: boolean): void {
    if (this.table.strict) {
      this.boxedVector(items, type, bare)
      return
    }
    if (!bare) this.int32(VECTOR_ID)
    const at = this.position
    this.int32(0)
    let count = 0
    for (let i = 0; i < items.length; i++) {
      const item = items[i]!
      if (!this.fits(item, type)) continue
      this.boxed(item, type)
      count++
    }
    this.buffer.writeInt32LE(count, at)
  }

  /** A vector of anything else (for the generated code). */
  vectorOf(items: readonly unknown[], write: (w: TlWriter, item: unknown) => void, bare: boolean): void {
    if (!bare) this.int32(VECTOR_ID)
    this.int32(items.length)
    for (let i = 0; i < items.length; i++) write(this, items[i])
  }

  private named(value: Loose): void {
    const plan = this.table.objects.get(value._) ?? this.table.methods.get(value._)
    if (plan === undefined) throw new TypeError(`layer ${this.table.layer} has no ${value._}`)
    this.planned(plan, value)
  }

  private anyVector(items: readonly unknown[]): void {
    this.vectorOf(items, (w, item) => w.object(item), false)
  }

  private planned(plan: Plan, value: Loose): void {
    if (plan.convert === null) {
      this.int32(plan.id)
      plan.write(this, value)
    } else this.converted(plan, plan.convert(value), value._)
  }

  private converted(plan: Plan, old: Loose | undefined, name: string): void {
    const target = old === undefined || old._ === name ? plan : this.table.own.get(old._)
    if (old === undefined || target === undefined || target.type !== plan.type) this.fallback(plan.type)
    else {
      this.int32(target.id)
      target.write(this, old)
    }
  }

  private misfit(value: Loose, type: number): void {
    if (this.table.strict) throw new TypeError(`a ${value._} does not belong here`)
    this.fallback(type)
  }

  private fallback(type: number): void {
    const bytes = this.table.fallbacks[type]
    if (bytes === undefined) throw new TypeError(`layer ${this.table.layer} has no value of type ${type}`)
    this.append(bytes)
  }

  private longString(value: string, at: number): void {
    const b = this.buffer
    const headBytes = value.length * MAX_BYTES_PER_UNIT < LONG_LENGTH ? 1 : value.length < LONG_LENGTH ? 0 : 4
    const size = headBytes === 0 ? Buffer.byteLength(value) : b.write(value, at + headBytes)
    const from = at + this.putLength(at, size)
    if (headBytes === 0) b.write(value, from)
    this.pad(from + size)
  }

  /** Puts a length before bytes at `at` and returns how many bytes it took. */
  private putLength(at: number, length: number): number {
    const b = this.buffer
    if (length < LONG_LENGTH) {
      b[at] = length
      return 1
    }
    if (length > MAX_LENGTH) throw new RangeError(`${length} bytes are too many for one TL string`)
    b[at] = LONG_LENGTH
    b[at + 1] = length
    b[at + 2] = length >> 8
    b[at + 3] = length >> 16
    return 4
  }

  /** Ends the value at `end` with zeros up to the next multiple of four. */
  private pad(end: number): void {
    const b = this.buffer
    let at = end
    while ((at & 3) !== 0) b[at++] = 0
    this.position = at
  }

  private appendCell(): void {
    const at = this.reserve(8)
    const b = this.buffer
    for (let i = 0; i < 8; i++) b[at + i] = cell[i]!
  }

  /** Makes room for `bytes` more, moves the position behind them and returns where they start. */
  private reserve(bytes: number): number {
    const at = this.position
    const end = at + bytes
    if (end > this.buffer.length) this.grow(end)
    this.position = end
    return at
  }

  private grow(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.buffer.length * 2))
    this.buffer.copy(larger, 0, 0, this.position)
    this.buffer = larger
  }
}
