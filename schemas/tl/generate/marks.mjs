/** Longs of text layers that hold ids below 2^53 and are unknown to every JSON layer, by `constructor.field`. */
const OWN_MARKS = new Set([
  'inlineButtonTypeUserProfile.user_id',
  'messageActionChatJoinedViaCommunity.community_id',
])

const innermost = (type) => (type.k === 'vector' ? innermost(type.of) : type)
const isWide = (type) => type.k === 'long' || type.k === 'int53'
const withInnermost = (type, k) => (type.k === 'vector' ? { ...type, of: withInnermost(type.of, k) } : { k })

/** Counts, for every field name, how the marked layers read its longs. */
function collect(schemas) {
  const exact = new Map()
  const votes = new Map()
  for (const { entries } of schemas)
    for (const entry of entries)
      for (const { name, type } of entry.fields) {
        const { k } = innermost(type)
        if (!isWide({ k })) continue
        exact.set(`${entry.name}.${name}`, k)
        votes.set(name, (votes.get(name) ?? 0) + (k === 'int53' ? 1 : -1))
      }
  return { exact, votes }
}

/**
 * Gives every `long` field one JavaScript type in all layers: as the newest JSON layer with that field marks it
 * (`int53`: a number), else as most fields of that name are marked. Changes the schemas in place.
 */
export function markSafeLongs(schemas) {
  const { exact, votes } = collect(schemas.filter((schema) => schema.marked))
  for (const { entries } of schemas)
    for (const entry of entries)
      for (const field of entry.fields) {
        if (!isWide(innermost(field.type))) continue
        const key = `${entry.name}.${field.name}`
        const guess = OWN_MARKS.has(key) || (votes.get(field.name) ?? 0) > 0 ? 'int53' : 'long'
        field.type = withInnermost(field.type, exact.get(key) ?? guess)
      }
}
