import { parseType } from './field-types.mjs'

/** The published JSON schemas also carry their author's own constructors and prefix-only methods. */
const foreign = (entry) => entry.name.startsWith('mtcute.') || entry.name.endsWith('Prefix')
const unprefixed = (name) => name.replace(/^mt_/, '')

function fieldType(argument) {
  const modifiers = argument.typeModifiers ?? {}
  const of =
    modifiers.isBareType && modifiers.constructorId
      ? { k: 'bare', name: unprefixed(argument.type) }
      : parseType(argument.type)
  if (!modifiers.isVector && !modifiers.isBareVector) return of
  return { k: 'vector', bare: Boolean(modifiers.isBareVector), of }
}

function field(argument) {
  const predicate = argument.typeModifiers?.predicate?.split('.')
  return {
    name: argument.name,
    type: fieldType(argument),
    flag: predicate ? [predicate[0], Number(predicate[1])] : null,
  }
}

/** Entries of an `api-schema.json` or `mtp-schema.json` to {id, name, kind, type, fields}; ids are signed. */
export function parseJson(entries) {
  return entries
    .filter((entry) => !foreign(entry))
    .map((entry) => {
      const type = parseType(entry.type)
      return {
        id: entry.id | 0,
        name: unprefixed(entry.name),
        kind: entry.kind,
        type: entry.typeModifiers?.isVector ? { k: 'vector', bare: false, of: type } : type,
        fields: entry.arguments.map(field),
      }
    })
}
