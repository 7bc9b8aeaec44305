import type { MessageContent } from '@heliograph/schemas/avro'

/** A piece of formatting as sealed contents keep it; `kind` is the TL name without `messageEntity`. */
export type Entity = MessageContent['entities'][number]

/** Kinds that may lie over each other and over anything but code. */
const LAYERED = new Set(['Bold', 'Italic', 'Underline', 'Strike', 'Spoiler', 'Blockquote'])
/** Kinds whose text is taken literally: nothing else lies over them. */
const LITERAL = new Set(['Code', 'Pre'])

export const isLayered = (kind: string): boolean => LAYERED.has(kind)
export const isLiteral = (kind: string): boolean => LITERAL.has(kind)

export function plainEntity(kind: string, offset: number, length: number): Entity {
  return { kind, offset, length, argument: null, userId: null, documentId: null, collapsed: false }
}

export function overlaps(a: Entity, b: Entity): boolean {
  return a.offset < b.offset + b.length && b.offset < a.offset + a.length
}

/** Reading order: by offset, the longer first, then by kind so that equal inputs give equal outputs. */
export function compareEntities(a: Entity, b: Entity): number {
  return a.offset - b.offset || b.length - a.length || (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0)
}

/** Whether two messages are formatted alike; both lists in reading order. */
export function sameEntities(a: readonly Entity[], b: readonly Entity[]): boolean {
  return a.length === b.length && a.every((entity, index) => sameEntity(entity, b[index]!))
}

function sameEntity(a: Entity, b: Entity): boolean {
  return (
    a.kind === b.kind &&
    a.offset === b.offset &&
    a.length === b.length &&
    a.argument === b.argument &&
    a.userId === b.userId &&
    a.documentId === b.documentId &&
    a.collapsed === b.collapsed
  )
}
