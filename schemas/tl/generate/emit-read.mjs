import { camel, typeText } from './field-types.mjs'

const PRIMITIVE = {
  int: 'r.int32()',
  long: 'r.int64()',
  int53: 'r.int53()',
  double: 'r.double()',
  string: 'r.string()',
  bytes: 'r.bytes()',
  int128: 'r.raw(16)',
  int256: 'r.raw(32)',
  Bool: 'r.bool()',
  call: 'r.call()',
}

/** The JavaScript expression that reads a value of `type` from `r`. */
export function readExpression(type, context) {
  if (type.k in PRIMITIVE) return PRIMITIVE[type.k]
  if (type.k === 'boxed' && context.free.has(type.type)) return 'r.object()'
  if (type.k === 'boxed') return `r.boxed(${context.typeNumber(type.type)})`
  if (type.k === 'bare') return `r${context.entryNumber(type.name)}(r)`
  if (type.of.k === 'boxed') return `r.boxedVector(${context.typeNumber(type.of.type)},${type.bare})`
  return `r.vectorOf(r=>${readExpression(type.of, context)},${type.bare})`
}

const bitOf = (field) => (1 << field.flag[1]) | 0

function readPlain(entry, context) {
  const fields = entry.fields.map((field) => `,${camel(field.name)}:${readExpression(field.type, context)}`)
  return `return{_:${JSON.stringify(entry.name)}${fields.join('')}}`
}

function readFlagged(entry, context) {
  const lines = []
  const required = []
  const optional = []
  for (const [index, field] of entry.fields.entries()) {
    const name = camel(field.name)
    const isSet = field.flag && `${field.flag[0]}&${bitOf(field)}`
    if (field.type.k === '#') lines.push(`const ${field.name}=r.int32()`)
    else if (field.type.k === 'true') optional.push(`if(${isSet})o.${name}=true`)
    else {
      const read = readExpression(field.type, context)
      lines.push(`const v${index}=${field.flag ? `${isSet}?${read}:undefined` : read}`)
      if (field.flag) optional.push(`if(v${index}!==undefined)o.${name}=v${index}`)
      else required.push(`,${name}:v${index}`)
    }
  }
  lines.push(`const o={_:${JSON.stringify(entry.name)}${required.join('')}}`, ...optional, 'return o')
  return lines.join(';')
}

/** The function `r<number>` that reads the fields of one constructor, after its id, into a new object. */
export function emitReader(entry, number, context) {
  const flagged = entry.fields.some((field) => field.type.k === '#')
  return `function r${number}(r){${flagged ? readFlagged(entry, context) : readPlain(entry, context)}}`
}

/** A reader of a method's result, which may be a bare JavaScript value. */
export const emitResultReader = (type, context) =>
  `r=>${typeText(type) === 'X' ? 'r.object()' : readExpression(type.k === 'boxed' && type.type === 'Bool' ? { k: 'Bool' } : type, context)}`
