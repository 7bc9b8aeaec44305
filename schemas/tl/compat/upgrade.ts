import type { Rule } from './rules.ts'

/** Rules for constructors of old layers in requests, by their name there. */
export const upgradeRules: Readonly<Record<string, Rule>> = {}
