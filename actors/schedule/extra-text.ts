import type { MessageExtra } from '@heliograph/schemas/avro'

/** `MessageExtra` in a column of text: JSON, in which 64-bit numbers and bytes stand in objects of one field. */

interface Marked {
  readonly $n?: string
  readonly $b?: string
}

export function extraText(extra: MessageExtra | null): string | null {
  return extra === null ? null : JSON.stringify(marked(extra))
}

export function extraOfText(text: string | null | undefined): MessageExtra | null {
  return text === null || text === undefined ? null : (JSON.parse(text, unmarked) as MessageExtra)
}

/** Before `JSON.stringify` sees it: bytes have a form of their own there. */
function marked(value: unknown): unknown {
  if (typeof value === 'bigint') return { $n: String(value) }
  if (Buffer.isBuffer(value)) return { $b: value.toString('base64') }
  if (Array.isArray(value)) return value.map(marked)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, marked(each)]))
}

function unmarked(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const { $n, $b } = value as Marked
  if ($n !== undefined) return BigInt($n)
  return $b === undefined ? value : Buffer.from($b, 'base64')
}
