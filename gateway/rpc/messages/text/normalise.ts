import { compareEntities, type Entity, isLayered, isLiteral, overlaps } from './entity.ts'

/** More than these are cut off silently, as clients expect. */
export const MAX_ENTITIES = 100

export interface FormattedText {
  readonly text: string
  readonly entities: Entity[]
}

/** Control characters but for tab and newline, and the direction overrides that can hide what a text says. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this finds.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u202a-\u202e\u2028\u2029]/g
/** What looks like nothing: whitespace, zero-width characters, soft hyphens, fillers. */
const INVISIBLE_ONLY =
  /^(?:[\s\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2060-\u206f\u3164\uffa0]|\p{M})*$/u

export const isInvisible = (text: string): boolean => INVISIBLE_ONLY.test(text)

/** Whether an entity lies within a text and cuts no surrogate pair; offsets in UTF-16 code units. */
export function isWithin(text: string, offset: number, length: number): boolean {
  return (
    offset >= 0 &&
    length >= 0 &&
    offset + length <= text.length &&
    !cutsPair(text, offset) &&
    !cutsPair(text, offset + length)
  )
}

function cutsPair(text: string, at: number): boolean {
  return at > 0 && at < text.length && isHigh(text.charCodeAt(at - 1)) && isLow(text.charCodeAt(at))
}
const isHigh = (code: number): boolean => (code & 0xfc00) === 0xd800
const isLow = (code: number): boolean => (code & 0xfc00) === 0xdc00

/**
 * A text as it is stored: carriage returns dropped, other control characters turned into spaces, whitespace trimmed at
 * both ends, entities moved and clipped with it, without empty ones and without overlaps that mean nothing.
 */
export function normaliseText(text: string, entities: readonly Entity[]): FormattedText {
  const without = text.includes('\r') ? dropCarriageReturns(text, entities) : { text, entities }
  const clean = without.text.replace(CONTROL, ' ')
  const trimmedStart = clean.trimStart()
  const shift = clean.length - trimmedStart.length
  const trimmed = trimmedStart.trimEnd()
  if (without.entities.length === 0) return { text: trimmed, entities: [] }
  return { text: trimmed, entities: settle(clip(without.entities, shift, trimmed.length)) }
}

function dropCarriageReturns(text: string, entities: readonly Entity[]): FormattedText {
  const before = new Uint32Array(text.length + 1)
  for (let index = 0; index < text.length; index++) {
    before[index + 1] = before[index]! + (text.charCodeAt(index) === 13 ? 1 : 0)
  }
  const moved = (at: number): number => at - before[at]!
  return {
    text: text.replaceAll('\r', ''),
    entities: entities.map((entity) => {
      const offset = moved(entity.offset)
      return { ...entity, offset, length: moved(entity.offset + entity.length) - offset }
    }),
  }
}

function clip(entities: readonly Entity[], shift: number, textLength: number): Entity[] {
  const clipped: Entity[] = []
  for (const entity of entities) {
    const start = Math.max(0, entity.offset - shift)
    const end = Math.min(textLength, entity.offset + entity.length - shift)
    if (end > start) clipped.push({ ...entity, offset: start, length: end - start })
  }
  return clipped
}

/** Sorts; joins layers of one kind; of what collides the earlier and longer entity stays. */
function settle(entities: Entity[]): Entity[] {
  const kept: Entity[] = []
  for (const entity of entities.sort(compareEntities)) {
    const joined = kept.findIndex((other) => isJoinable(other, entity))
    if (joined >= 0) kept[joined] = join(kept[joined]!, entity)
    else if (kept.length < MAX_ENTITIES && !kept.some((other) => collide(other, entity))) kept.push(entity)
  }
  return kept.sort(compareEntities)
}

function isJoinable(a: Entity, b: Entity): boolean {
  return a.kind === b.kind && isLayered(a.kind) && a.kind !== 'Blockquote' && overlaps(a, b)
}

function join(a: Entity, b: Entity): Entity {
  return { ...a, length: Math.max(a.offset + a.length, b.offset + b.length) - a.offset }
}

/** `a` stands before `b` in reading order. Code may lie within a layer, nothing within code. */
function collide(a: Entity, b: Entity): boolean {
  if (!overlaps(a, b)) return false
  if (a.kind === b.kind || isLiteral(a.kind)) return true
  if (isLiteral(b.kind)) return !isLayered(a.kind) || !encloses(a, b)
  return !isLayered(a.kind) && !isLayered(b.kind)
}

const encloses = (a: Entity, b: Entity): boolean =>
  a.offset <= b.offset && a.offset + a.length >= b.offset + b.length

/** Adds what was detected where it collides with nothing that the sender marked. */
export function mergeDetected(marked: readonly Entity[], detected: readonly Entity[]): Entity[] {
  if (detected.length === 0) return [...marked]
  const all = [...marked]
  for (const entity of detected) {
    if (all.length < MAX_ENTITIES && !all.some((other) => collide(other, entity))) all.push(entity)
  }
  return all.sort(compareEntities)
}
