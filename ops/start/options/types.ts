import { z } from 'zod'

export interface HostPort {
  readonly host: string
  readonly port: number
}

export const hostPort = z
  .string()
  .regex(/^(\[[0-9a-fA-F:]+\]|[^\s:]+):\d{1,5}$/, 'expected HOST:PORT, such as 127.0.0.1:2443')
  .transform((value): HostPort => {
    const colon = value.lastIndexOf(':')
    return { host: value.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(value.slice(colon + 1)) }
  })
  .refine(({ port }) => port <= 65_535, 'a port is at most 65535')

const entries = (list: string): string[] =>
  list
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')

/** `a,b` as a list; empty where the option is absent. */
export const commaSeparated = z.string().default('').transform(entries)

/** `a,b` as a list of at least one; undefined where the option is absent. */
export const someOf = (message: string, pattern: RegExp) =>
  z
    .string()
    .transform(entries)
    .refine((list) => list.length > 0 && list.every((entry) => pattern.test(entry)), message)
    .optional()
