import { camel, typeText } from './field-types.mjs'

const PRIMITIVE = {
  int: 'int32',
  long: 'int64',
  int53: 'int53',
  double: 'double',
  string: 'string',
  bytes: 'bytes',
  Bool: 'bool',
  call: 'call',
}
const ZERO = { int: '0', long: '0n', int53: '0', double: '0', string: "''", bytes: 'EMPTY', Bool: 'false' }
const FIXED = { int128: 16, int256: 32 }

/** The JavaScript statement that writes `value`, which may be undefined if `lenient`, as `type` to `w`. */
export function writeStatement(type, value, lenient, context) {
  const safe = lenient && type.k in ZERO ? `${value}??${ZERO[type.k]}` : value
  if (type.k in FIXED) return `w.fixed(${lenient ? `${value}??EMPTY` : value},${FIXED[type.k]})`
  if (type.k in PRIMITIVE) return `w.${PRIMITIVE[type.k]}(${safe})`
  if (type.k === 'boxed' && context.free.has(type.type)) return `w.object(${value})`
  if (type.k === 'boxed')
    return `w.${lenient ? 'boxedOr' : 'boxed'}(${value},${context.typeNumber(type.type)})`
  if (type.k === 'bare') return `w${context.entryNumber(type.name)}(w,${value})`
  const items = lenient ? `${value}??NONE` : value
  if (type.of.k === 'boxed') {
    const how = context.alwaysFits(type.of.type) ? 'boxedVector' : 'fittingVector'
    return `w.${how}(${items},${context.typeNumber(type.of.type)},${type.bare})`
  }
  return `w.vectorOf(${items},(w,v)=>${writeStatement(type.of, 'v', false, context)},${type.bare})`
}

const bitOf = (field) => (1 << field.flag[1]) | 0

function isPresent(field, context) {
  const value = `o.${camel(field.name)}`
  if (field.type.k === 'true') return value
  if (field.type.k !== 'boxed' || context.alwaysFits(field.type.type)) return `${value}!==undefined`
  return `w.fits(${value},${context.typeNumber(field.type.type)})`
}

/** Whether a value of the newest shape may lack this required field of `entry`. */
function mayLack(entry, field) {
  if (entry.current) return false
  const same = entry.newest?.fields.find(({ name }) => name === field.name)
  return !same || Boolean(same.flag) || typeText(same.type) !== typeText(field.type)
}

/** Fields that share a flag: one may be given without the other. */
const shares = (entry, field) =>
  entry.fields.filter(({ flag }) => flag && flag[0] === field.flag[0] && flag[1] === field.flag[1]).length > 1

function writeField(entry, field, context) {
  const value = `o.${camel(field.name)}`
  if (field.type.k === '#') return `w.int32(${field.name})`
  if (field.type.k === 'true') return null
  if (!field.flag) return writeStatement(field.type, value, mayLack(entry, field), context)
  const statement = writeStatement(field.type, value, shares(entry, field), context)
  return `if(${field.flag[0]}&${bitOf(field)})${statement}`
}

/** The function `w<number>` that writes the fields of one constructor, after its id. */
export function emitWriter(entry, number, context) {
  const lines = []
  for (const field of entry.fields) if (field.type.k === '#') lines.push(`let ${field.name}=0`)
  for (const field of entry.fields)
    if (field.flag) lines.push(`if(${isPresent(field, context)})${field.flag[0]}|=${bitOf(field)}`)
  for (const field of entry.fields) lines.push(writeField(entry, field, context))
  return `function w${number}(w,o){${lines.filter(Boolean).join(';')}}`
}

/** A writer of a method's result, which may be a bare JavaScript value. */
export function emitResultWriter(type, context) {
  if (typeText(type) === 'X') return '(w,v)=>w.object(v)'
  const plain = type.k === 'boxed' && type.type === 'Bool' ? { k: 'Bool' } : type
  return `(w,v)=>${writeStatement(plain, 'v', false, context)}`
}
