import { PREFERRED } from './fallbacks.mjs'
import { typeText } from './field-types.mjs'

const BOOL_FALSE = 'bc799737'
const VECTOR = '1cb5c415'
const ZEROS = {
  int: 4,
  '#': 4,
  long: 8,
  int53: 8,
  double: 8,
  int128: 16,
  int256: 32,
  string: 4,
  bytes: 4,
  true: 0,
}

const hexOfId = (hex) => Buffer.from(hex, 'hex').reverse().toString('hex')
const hexOfInt = (value) => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return bytes.toString('hex')
}

/** Bytes, in hex, of the least value of every type in one layer: [type, hex]; types without a finite value lack. */
function defaultBytes(entries, bit) {
  const done = new Map([['Bool', hexOfId(BOOL_FALSE)]])
  const classes = entries.filter((entry) => entry.kind === 'class' && entry.mask & bit)
  const ofType = (type) => {
    if (type.k in ZEROS) return '00'.repeat(ZEROS[type.k])
    if (type.k === 'Bool') return hexOfId(BOOL_FALSE)
    if (type.k === 'vector') return (type.bare ? '' : hexOfId(VECTOR)) + hexOfInt(0)
    return done.get(typeText(type))
  }
  const ofEntry = (entry) => {
    const parts = entry.fields.filter((field) => !field.flag).map((field) => ofType(field.type))
    return parts.includes(undefined) ? undefined : hexOfInt(entry.id) + parts.join('')
  }
  const better = (entry, bytes) => {
    const type = typeText(entry.type)
    const preferred = PREFERRED[type]
    if (preferred && classes.some(({ name }) => name === preferred))
      return entry.name === preferred && !done.has(type)
    return !done.has(type) || bytes.length < done.get(type).length
  }
  for (let changed = true; changed; ) {
    changed = false
    for (const entry of classes) {
      const bytes = ofEntry(entry)
      if (bytes === undefined || !better(entry, bytes)) continue
      done.set(typeText(entry.type), bytes)
      changed = true
    }
  }
  return done
}

/** The default bytes of every type: Map of type to [[layer mask, hex]]. */
export function defaultsByType({ layers, entries }) {
  const result = new Map()
  layers.forEach((_, index) => {
    for (const [type, hex] of defaultBytes(entries, 1 << index)) {
      const variants = result.get(type) ?? result.set(type, []).get(type)
      const same = variants.find((variant) => variant[1] === hex)
      if (same) same[0] |= 1 << index
      else variants.push([1 << index, hex])
    }
  })
  return result
}
