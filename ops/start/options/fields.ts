import { z } from 'zod'

/** One option: what a person writes behind the flag, what it means, and what it must be. */
export interface Field<T extends z.ZodType = z.ZodType> {
  /** Shown behind the flag, such as `<host:port>`; none for a flag without a value. */
  readonly value?: string
  readonly description: string
  readonly type: T
}
/** Options by name: `loginCode` is `--login-code` and `HELIOGRAPH_LOGIN_CODE`. */
export type Fields = Readonly<Record<string, Field>>
export type OptionsOf<F extends Fields> = { readonly [K in keyof F]: z.output<F[K]['type']> }

/** An option with a value that cannot be used; the message is one line for a person. */
export class InvalidOption extends Error {}

/** What commander needs for each option: the flag, and its description with the environment variable. */
export function flagsOf(fields: Fields): [flag: string, description: string][] {
  return Object.entries(fields).map(([name, { value, description }]) => [
    `--${kebab(name)}${value === undefined ? '' : ` ${value}`}`,
    `${description} (${variableOf(name)})`,
  ])
}

/**
 * Flags win over environment variables, both over defaults.
 * @throws InvalidOption naming the option and what it expects
 */
export function parseOptions<F extends Fields>(
  fields: F,
  flags: Record<string, unknown>,
  environment: NodeJS.ProcessEnv,
): OptionsOf<F> {
  const names = Object.keys(fields)
  const named = Object.fromEntries(names.map((name) => [name, flags[name] ?? environment[variableOf(name)]]))
  const shape = Object.fromEntries(names.map((name) => [name, fields[name]?.type as z.ZodType]))
  const parsed = z.object(shape).safeParse(named)
  if (parsed.success) return parsed.data as OptionsOf<F>
  const issue = parsed.error.issues[0]
  throw new InvalidOption(`--${kebab(String(issue?.path[0] ?? ''))}: ${issue?.message ?? 'not usable'}`)
}

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
const variableOf = (name: string) => `HELIOGRAPH_${kebab(name).replaceAll('-', '_').toUpperCase()}`
