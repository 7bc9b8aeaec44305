import { RPC_ERROR_ID } from '@heliograph/schemas/tl'

const FLOOD_CODE = 420
const FIRST_SERVER_ERROR = 500
const SERVER_ERROR_WAIT_MS = 200

export interface Failure {
  readonly kind: string
  /** After which the same request may be sent again; undefined: it is refused for good. */
  readonly retryAfterMs: number | undefined
}

/** What a result's bytes say went wrong; undefined for a proper result. */
export function failureOf(result: Buffer): Failure | undefined {
  if (result.readInt32LE(0) !== RPC_ERROR_ID) return undefined
  const code = result.readInt32LE(4)
  const size = result[8] as number
  const text = result.toString('latin1', 9, 9 + size)
  // The number of a wait belongs to the case, not to the kind.
  const kind = `${code} ${text.replace(/_\d+$/, '_X')}`
  if (code === FLOOD_CODE)
    return { kind, retryAfterMs: 1000 * Math.max(1, Number(/\d+$/.exec(text)?.[0] ?? 1)) }
  const isServers = code >= FIRST_SERVER_ERROR || code < 0
  return { kind, retryAfterMs: isServers ? SERVER_ERROR_WAIT_MS : undefined }
}
