import { type InputKind, spelledAs } from './compat/input-peers.ts'
import type { Rule } from './compat/rules.ts'
import { upgradedWithin, upgradeRules } from './compat/upgrade.ts'
import { type Constructor, constructors, type Loose, layers } from './generated/codec.js'

/** A constructor or method of some layer, as the reader meets it. */
export interface Entry extends Constructor {
  /** Takes a value that was just read to the newest shape; null if it has that already. */
  readonly upgrade: ((value: Loose) => Loose) | null
}

/** The `type` of entries that are methods. */
export const METHOD_TYPE = -1
/** In `mask`, the newest layer. */
export const NEWEST_BIT = 1 << (layers.length - 1)

function withRule(rule: Rule, up: ((value: Loose) => Loose) | null): (value: Loose) => Loose {
  return (value) => rule(value, up ? up({ ...value }) : value, () => true) ?? value
}

function upgradeOf(known: Constructor): Entry['upgrade'] {
  const isNewest = (known.mask & NEWEST_BIT) !== 0
  const rule = upgradeRules[known.name]
  if (!rule || (isNewest && !upgradedWithin.includes(known.name))) return known.up
  return withRule(rule, known.up)
}

/** Every constructor and method of every layer by its signed id. */
export const entriesById: ReadonlyMap<number, Entry> = new Map(
  constructors.map((known) => [
    known.id,
    {
      id: known.id,
      name: known.name,
      type: known.type,
      mask: known.mask,
      result: known.result,
      read: known.read,
      write: known.write,
      up: known.up,
      down: known.down,
      upgrade: upgradeOf(known),
    },
  ]),
)

const typeOf = (name: string): number | undefined => constructors.find((known) => known.name === name)?.type

const inputKinds: ReadonlyMap<number | undefined, InputKind> = new Map([
  [typeOf('inputPeerSelf'), 'InputPeer'],
  [typeOf('inputUserSelf'), 'InputUser'],
  [typeOf('inputChannel'), 'InputChannel'],
])

/**
 * Telegram takes an `InputPeer` where a method names an `InputUser` or `InputChannel`, and the reverse; public clients
 * rely on it (Pyrogram and its forks give `inputPeerUser` to `users.getUsers`).
 * @param type the number of the type that the schema names
 * @returns the name to give the value that `entry` reads; undefined where it cannot stand for that type
 */
export function standsFor(type: number, entry: Entry): string | undefined {
  const kind = inputKinds.get(type)
  return kind === undefined ? undefined : spelledAs(kind, entry.name)
}
