import type { Loose } from '../compat/rules.ts'
import { LAYERS } from '../layers.ts'
import { camel, entriesOf, type FieldType, type SchemaEntry } from './schema.ts'

/** Which optional fields a built value has. */
export type Flags = 'all' | 'none' | 'some'

const FEW = 3
const INTS = [0, 1, -1, 2147483647, -2147483648, 777000, 65536]
const LONGS = [0n, 1n, -1n, 9223372036854775807n, -9223372036854775808n, 4294967296n]
const SAFE = [0, 1, -1, 2 ** 40 - 1, 997852516352, -(2 ** 41), 4294967296, 2147483648]
const TEXTS = [
  '',
  'a',
  'abc',
  'héllo',
  '日本',
  '😀 x',
  'x'.repeat(64),
  'y'.repeat(253),
  'z'.repeat(254),
  'ß'.repeat(200),
]
const DOUBLES = [0, 1.5, -2.25, 1e300]

/** Numbers from 0 up to `below`, the same for the same seed (mulberry32). */
export function numbersFrom(seed: number): (below: number) => number {
  let state = seed | 0
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** Builds values of one layer's own shape, every constructor with an equal chance, no deeper than it must. */
export class Builder {
  private readonly classes = new Map<string, SchemaEntry[]>()
  private readonly methods: SchemaEntry[]
  private readonly byName = new Map<string, SchemaEntry>()
  private readonly depths = new Map<string, number>()
  private readonly maxDepth: number

  private readonly withTrue: boolean

  /** @param withTrue whether `flags.N?true` fields, which may be those of a later layer, are ever set */
  constructor(layer: number, maxDepth = 3, withTrue = true) {
    this.maxDepth = maxDepth
    this.withTrue = withTrue
    const entries = entriesOf(layer)
    this.methods = entries.filter(
      (entry) => entry.kind === 'method' && entry.fields.length < FEW && isLasting(entry),
    )
    for (const entry of entries.filter(({ kind }) => kind === 'class')) {
      const type = entry.type.type!
      this.byName.set(entry.name, entry)
      this.classes.set(type, [...(this.classes.get(type) ?? []), entry])
    }
    this.settleDepths()
  }

  /** A value of the given constructor or method. */
  entry(entry: SchemaEntry, flags: Flags, next: (below: number) => number, depth = 0): Loose {
    const value: Record<string, unknown> = { _: entry.name }
    const shallow = depth >= this.maxDepth
    const bits = new Map<string, boolean>()
    const isOn = (key: string) => {
      const chosen =
        bits.get(key) ?? (flags === 'all' ? !shallow : flags === 'some' && !shallow && next(2) === 1)
      bits.set(key, chosen)
      return chosen
    }
    for (const field of entry.fields) {
      if (field.type.k === 'true' && !this.withTrue) continue
      if (field.type.k === '#' || (field.flag && !isOn(field.flag.join('.')))) continue
      value[camel(field.name)] = this.value(field.type, flags, next, depth)
    }
    return value as unknown as Loose
  }

  /** A value of the given type. */
  value(type: FieldType, flags: Flags, next: (below: number) => number, depth: number): unknown {
    const pick = <T>(items: readonly T[]): T => items[next(items.length)]!
    switch (type.k) {
      case 'int':
        return pick(INTS)
      case 'long':
        return pick(LONGS)
      case 'int53':
        return pick(SAFE)
      case 'double':
        return pick(DOUBLES)
      case 'string':
        return pick(TEXTS)
      case 'bytes':
        return Buffer.alloc(pick([0, 1, 2, 3, 4, 253, 254, 300]), next(256))
      case 'int128':
        return Buffer.alloc(16, next(256))
      case 'int256':
        return Buffer.alloc(32, next(256))
      case 'Bool':
        return next(2) === 1
      case 'true':
        return true
      case 'call':
        return this.entry(pick(this.methods), flags, next, depth + 1)
      case 'bare':
        return this.entry(this.byName.get(type.name!)!, flags, next, depth + 1)
      case 'vector':
        return this.vector(type.of!, flags, next, depth)
      default:
        return this.boxed(type.type!, flags, next, depth)
    }
  }

  private vector(of: FieldType, flags: Flags, next: (below: number) => number, depth: number): unknown[] {
    const length = depth >= this.maxDepth ? 0 : flags === 'all' ? 2 : next(FEW)
    return Array.from({ length }, () => this.value(of, flags, next, depth))
  }

  private boxed(type: string, flags: Flags, next: (below: number) => number, depth: number): unknown {
    if (type === 'X') return true
    const all = this.classes.get(type)!
    const least = Math.min(...all.map((entry) => this.depths.get(entry.name)!))
    const shallow = all.filter((entry) => this.depths.get(entry.name) === least)
    const candidates = depth >= this.maxDepth ? shallow : all
    return this.entry(candidates[next(candidates.length)]!, flags, next, depth + 1)
  }

  /** How deep the least value of every constructor is. */
  private settleDepths(): void {
    const depthOf = (type: FieldType): number => {
      if (type.k === 'bare') return this.depths.get(type.name!) ?? Number.POSITIVE_INFINITY
      if (type.k !== 'boxed') return 0
      return Math.min(
        ...this.classes.get(type.type!)!.map(({ name }) => this.depths.get(name) ?? Number.POSITIVE_INFINITY),
      )
    }
    for (let changed = true; changed; ) {
      changed = false
      for (const entry of this.byName.values()) {
        const required = entry.fields.filter((field) => !field.flag)
        const depth = 1 + Math.max(0, ...required.map((field) => depthOf(field.type)))
        if (depth < (this.depths.get(entry.name) ?? Number.POSITIVE_INFINITY)) {
          this.depths.set(entry.name, depth)
          changed = true
        }
      }
    }
  }
}

/** A method without a call in it that the newest layer knows too. */
function isLasting(entry: SchemaEntry): boolean {
  return entry.mask >> (LAYERS.length - 1) !== 0 && !entry.fields.some(({ type }) => type.k === 'call')
}
