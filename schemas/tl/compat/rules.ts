import type { Loose } from '../generated/codec.js'

export type { Loose }

/**
 * Takes a value from one layer's shape to another's.
 * @param value what was read, or what is to be written
 * @param fitted the same with all that needs no rule done: fields of other kinds gone, defaults for what is new
 * @param knows whether the layer that is written for has a constructor of this name
 * @returns the outcome, whose parts may still be of the newest layer; undefined for the type's fallback
 */
export type Rule = (value: Loose, fitted: Loose, knows: (name: string) => boolean) => Loose | undefined

/** A rule for a constructor that an old layer has under another name, and the old layer's type of the outcome. */
export interface Renaming {
  readonly as: string
  readonly rule: Rule
}

export type Rules = Readonly<Record<string, Rule>>
export type Renamings = Readonly<Record<string, Renaming>>

/** A value's fields without the given ones. */
export function without(value: Loose, ...names: readonly string[]): Loose {
  const rest: Record<string, unknown> = { ...value }
  for (const name of names) delete rest[name]
  return rest as unknown as Loose
}
