import { typeText } from './field-types.mjs'
import { readLayers, readMtproto } from './sources.mjs'

const isTrueFlag = (field) => field.type.k === 'true'
const flagText = ({ flag }) => (flag ? `${flag[0]}.${flag[1]}?` : '')
const wireText = (entry) =>
  entry.fields
    .filter((field) => !isTrueFlag(field))
    .map((field) => `${field.name}:${flagText(field)}${typeText(field.type)}`)
    .join(' ')

/** Constructor ids do not depend on `flags.N?true` fields, so one id may gain such fields from layer to layer. */
function addTrueFlags(newer, older) {
  const taken = new Set(newer.fields.flatMap((field) => [field.name, flagText(field)]))
  for (const field of older.fields.filter(isTrueFlag))
    if (!taken.has(field.name) && !taken.has(flagText(field))) newer.fields.push(field)
}

function mergeEntry(older, newer) {
  if (older.name !== newer.name || wireText(older) !== wireText(newer))
    throw new Error(`two constructors with one id: ${wireText(older)} and ${wireText(newer)}`)
  addTrueFlags(newer, older)
  return { ...newer, mask: older.mask | newer.mask }
}

function newestByName(entries, bit) {
  const byName = new Map()
  for (const entry of entries) if (entry.mask & bit) byName.set(`${entry.kind} ${entry.name}`, entry)
  return byName
}

function assertNoClash(mtproto, api) {
  const names = new Set(api.map((entry) => entry.name))
  for (const { name } of mtproto) if (names.has(name)) throw new Error(`${name} is both MTProto and API`)
}

/**
 * All layers as one list of distinct constructors, in a stable order: each entry with the bits of its layers
 * (`mask`), whether it is in the newest layer, and the newest constructor of the same name (`newest`) if there is one.
 * @returns {{layers: number[], entries: object[], types: string[]}}
 */
export function mergeLayers() {
  const schemas = readLayers()
  const byId = new Map()
  schemas.forEach((schema, index) => {
    for (const entry of schema.entries) {
      const older = byId.get(entry.id)
      const newer = { ...entry, fields: [...entry.fields], mask: 1 << index, mtproto: false }
      byId.set(entry.id, older ? mergeEntry(older, newer) : newer)
    }
  })
  const all = (1 << schemas.length) - 1
  const mtproto = readMtproto().map((entry) => ({ ...entry, mask: all, mtproto: true }))
  assertNoClash(mtproto, [...byId.values()])
  const entries = [...byId.values(), ...mtproto].sort((a, b) =>
    a.name === b.name ? a.id - b.id : a.name < b.name ? -1 : 1,
  )
  const newest = newestByName(entries, 1 << (schemas.length - 1))
  for (const entry of entries) {
    entry.newest = newest.get(`${entry.kind} ${entry.name}`)
    entry.current = entry.newest === entry
  }
  const classes = entries.filter((entry) => entry.kind === 'class')
  const types = [...new Set(['Bool', ...classes.map((entry) => typeText(entry.type))])].sort()
  return { layers: schemas.map((schema) => schema.layer), entries, types }
}
