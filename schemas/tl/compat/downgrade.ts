import type { Renaming, Rule } from './rules.ts'

/** Rules for newest constructors that old layers have under the same name with fields of another kind. */
export const downgradeRules: Readonly<Record<string, Rule>> = {}
/** Rules for newest constructors that old layers lack. */
export const renamings: Readonly<Record<string, Renaming>> = {}
/** Rules for results of methods whose type was another in old layers, by method and old result type. */
export const resultRules: Readonly<Record<string, Rule>> = {}
