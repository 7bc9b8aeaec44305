import { parseField, parseType } from './field-types.mjs'

const BUILT_IN = new Set(['boolFalse', 'boolTrue', 'vector', 'int', 'long', 'double', 'string', 'bytes'])

/** One definition given as {id: hex, type, fields: text[]} to a schema entry. */
export function entryOf(kind, name, { id, type, fields }) {
  return {
    id: Number.parseInt(id, 16) | 0,
    name,
    kind,
    type: parseType(type),
    fields: fields.map(parseField),
  }
}

/** A schema in TL text (`name#id {X:Type} field:type = Type;`, `---functions---`) to entries. */
export function parseText(text) {
  const entries = []
  let kind = 'class'
  for (const line of text.split('\n').map((text) => text.trim())) {
    if (line.startsWith('---')) kind = line.includes('functions') ? 'method' : 'class'
    const match = /^([\w.]+)#([0-9a-f]+) (.*?)= (.+);$/.exec(line)
    if (!match || BUILT_IN.has(match[1])) continue
    const fields = match[3].split(' ').filter((part) => part !== '' && !part.startsWith('{'))
    entries.push(entryOf(kind, match[1], { id: match[2], type: match[4], fields }))
  }
  return entries
}

/** The entries of `base` with a delta's definitions added or replaced and its `removed` names gone. */
export function applyDelta(base, { constructors, methods, removed = [] }) {
  const changed = [
    ...Object.entries(constructors).map(([name, entry]) => entryOf('class', name, entry)),
    ...Object.entries(methods).map(([name, entry]) => entryOf('method', name, entry)),
  ]
  const gone = new Set([...removed, ...changed.map((entry) => entry.name)])
  return [...base.filter((entry) => !gone.has(entry.name)), ...changed]
}
