import { camel, typeText } from './field-types.mjs'

/** What a value of each wire type is in JavaScript; types of one family can stand for each other. */
const FAMILY = {
  int: 'number',
  int53: 'number',
  Bool: 'boolean',
  true: 'boolean',
  int128: 'bytes',
  int256: 'bytes',
}
const familyOf = (type) => FAMILY[type.k] ?? (type.k === 'vector' ? `[${familyOf(type.of)}]` : typeText(type))

const find = (entry, field) => entry.fields.find(({ name }) => name === field.name)
const values = (entry) => entry.fields.filter((field) => field.type.k !== '#')

/** Fields of both constructors whose JavaScript values cannot stand for each other. */
const clashes = (entry) =>
  values(entry).filter((field) => {
    const other = find(entry.newest, field)
    return other && familyOf(other.type) !== familyOf(field.type)
  })

/**
 * The function `d<number>` that takes a value of the newest constructor to the shape of an older one of the same name
 * as far as their fields differ in kind: a field of another kind is left off. Null if there is nothing to do.
 */
export function emitDown(entry, number) {
  if (entry.current || !entry.newest) return null
  const names = clashes(entry).map((field) => camel(field.name))
  if (names.length === 0) return null
  const isClean = names.map((name) => `o.${name}===undefined`).join('&&')
  return `function d${number}(o){return ${isClean}?o:{...o,${names.map((name) => `${name}:undefined`).join(',')}}}`
}

function literal(type, context) {
  const simple = {
    int: '0',
    int53: '0',
    double: '0',
    long: '0n',
    string: "''",
    bytes: 'EMPTY',
    int128: 'ZERO16',
    int256: 'ZERO32',
    Bool: 'false',
    vector: '[]',
  }
  if (type.k in simple) return simple[type.k]
  const entry = context.defaultEntry(type)
  const fields = entry.fields.filter((field) => !field.flag && field.type.k !== '#')
  return `{_:${JSON.stringify(entry.name)}${fields.map((field) => `,${camel(field.name)}:${literal(field.type, context)}`).join('')}}`
}

/**
 * The function `u<number>` that changes a value of an older constructor into the shape of the newest one of the same
 * name: fields that are gone are removed, required fields that are new get a default. Null if there is nothing to do.
 */
export function emitUp(entry, number, context) {
  if (entry.current || !entry.newest) return null
  const lines = []
  const clashing = new Set(clashes(entry).map((field) => field.name))
  for (const field of values(entry))
    if (!find(entry.newest, field) || clashing.has(field.name)) lines.push(`delete o.${camel(field.name)}`)
  for (const field of values(entry.newest)) {
    if (field.flag) continue
    const old = find(entry, field)
    if (old && !old.flag && !clashing.has(field.name)) continue
    lines.push(`if(o.${camel(field.name)}===undefined)o.${camel(field.name)}=${literal(field.type, context)}`)
  }
  return lines.length === 0 ? null : `function u${number}(o){${lines.join(';')};return o}`
}
