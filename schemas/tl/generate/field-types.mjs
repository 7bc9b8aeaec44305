/**
 * The normal form of a field's type, whatever source it comes from:
 * {k: 'int' | 'long' | 'int53' | 'double' | 'string' | 'bytes' | 'int128' | 'int256' | 'Bool' | 'true' | '#' | 'call'},
 * {k: 'boxed', type}, {k: 'bare', name} or {k: 'vector', bare, of}.
 */

const PRIMITIVES = new Set([
  'int',
  'long',
  'int53',
  'double',
  'string',
  'bytes',
  'int128',
  'int256',
  'Bool',
  'true',
  '#',
])

/** TL text of a type (`Vector<long>`, `!X`, `messages.Dialogs`) to its normal form. */
export function parseType(text) {
  if (text.startsWith('!')) return { k: 'call' }
  if (PRIMITIVES.has(text)) return { k: text }
  const vector = /^([Vv])ector<(.+)>$/.exec(text)
  if (vector) return { k: 'vector', bare: vector[1] === 'v', of: parseType(vector[2]) }
  return { k: 'boxed', type: text }
}

/** TL text of a field (`views:flags.10?int`) to {name, type, flag}; flag is [flags field, bit] or null. */
export function parseField(text) {
  const match = /^(\w+):(?:(\w+)\.(\d+)\?)?(.+)$/.exec(text)
  if (!match) throw new Error(`not a TL field: ${text}`)
  const [, name, flags, bit, type] = match
  return { name, type: parseType(type), flag: flags ? [flags, Number(bit)] : null }
}

/** A type as TL text again; equal types give equal text. */
export function typeText(type) {
  if (type.k === 'boxed') return type.type
  if (type.k === 'bare') return `%${type.name}`
  if (type.k === 'vector') return `${type.bare ? 'vector' : 'Vector'}<${typeText(type.of)}>`
  return type.k
}

/** `from_id` to `fromId`. */
export const camel = (name) => name.replace(/_([a-z0-9])/gi, (_, letter) => letter.toUpperCase())
