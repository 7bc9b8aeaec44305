/** A TL value of any layer: conversions between layers see shapes that the newest layer's types do not have. */
export interface Loose {
  readonly _: string
  readonly [field: string]: unknown
}

/**
 * Takes a value from one layer's shape to another's.
 * @param value what was read, or what is to be written
 * @param fitted the same with all that needs no rule done: fields of other kinds gone, defaults for what is new
 */
export type Rule = (value: Loose, fitted: Loose) => Loose | undefined

/** A rule for a constructor that an old layer has under another name, and the old layer's type of the outcome. */
export interface Renaming {
  readonly as: string
  readonly rule: Rule
}
