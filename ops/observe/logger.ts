import pino, { type DestinationStream, type Logger } from 'pino'

/**
 * The fields that a line may have besides time, level, message, role and node. Another one is left out: what is logged is
 * decided here, once, and not by whoever has an object at hand.
 */
export const FIELDS: ReadonlySet<string> = new Set([
  'attempts',
  'calls',
  'code',
  'error',
  'group',
  'groups',
  'method',
  'offset',
  'operation',
  'partition',
  'partitions',
  'reason',
  'request',
  'signal',
  'store',
  'tookMs',
  'topic',
  'waitMs',
  'where',
])

/** What no line may hold wherever it stands, and what stands there instead. */
const REDACTED: readonly (readonly [RegExp, string])[] = [
  // Telephone numbers, with or without a plus sign. Longer numbers are ids of requests.
  [/(?<![\w.:-])\+?\d{10,15}(?![\w:-])/g, '[number]'],
  // Keys, hashes and tokens.
  [/\b[0-9a-f]{32,}\b/gi, '[hex]'],
  [/(?<![\w+/.-])[\w+/-]{43,}={0,2}(?![\w+/.-])/g, '[base64]'],
]
/** Longer texts are cut: an error may quote what it could not read. */
export const MAX_TEXT_LENGTH = 4_000

export interface LoggerOptions {
  readonly level: string
  readonly role: string
  readonly node: string
  /** Standard output if absent. */
  readonly to?: DestinationStream
}

/** A logger of JSON lines with known fields and no secrets. */
export function createLogger({ level, role, node, to }: LoggerOptions): Logger {
  const options = {
    level,
    base: { role, node },
    formatters: { level: (label: string) => ({ level: label }), log: allowed },
    timestamp: pino.stdTimeFunctions.isoTime,
  }
  return to === undefined ? pino(options) : pino(options, to)
}

function allowed(fields: Record<string, unknown>): Record<string, unknown> {
  const kept: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) if (FIELDS.has(name)) kept[name] = plain(value)
  return kept
}

function plain(value: unknown): unknown {
  if (typeof value === 'string') return redacted(value)
  if (Array.isArray(value)) return value.map(plain)
  if (value instanceof Error) return redacted(value.stack ?? value.message)
  return typeof value === 'number' || typeof value === 'boolean' ? value : undefined
}

function redacted(text: string): string {
  let clean = text.slice(0, MAX_TEXT_LENGTH)
  for (const [pattern, instead] of REDACTED) clean = clean.replace(pattern, instead)
  return clean
}
