import { RpcError } from '@heliograph/schemas/tl'
import type { Handler } from '../handler.ts'

/** Kinds of push services (core.telegram.org/api/push-updates). */
const MAX_TOKEN_TYPE = 13
const WEB_PUSH = 10
const P256DH_BYTES = 65
const AUTH_BYTES = 16

/** A device that wants to be told while it is not connected. Checked, and forgotten: nothing is pushed so yet. */
export const registerDevice: Handler<'account.registerDevice'> = ({ tokenType, token }) => {
  if (token === '') throw new RpcError(400, 'TOKEN_EMPTY')
  if (!isTokenType(tokenType)) throw new RpcError(400, 'TOKEN_TYPE_INVALID')
  if (tokenType === WEB_PUSH) requireSubscription(token)
  return true
}

export const unregisterDevice: Handler<'account.unregisterDevice'> = ({ tokenType, token }) => {
  if (token === '' || !isTokenType(tokenType)) throw new RpcError(400, 'TOKEN_INVALID')
  return true
}

const isTokenType = (type: number): boolean => type >= 1 && type <= MAX_TOKEN_TYPE

/** The subscription of a browser (www.w3.org/TR/push-api), as JSON. */
function requireSubscription(token: string): void {
  const { endpoint, keys } = parsed(token)
  if (typeof endpoint !== 'string' || !URL.canParse(endpoint) || !endpoint.startsWith('https:'))
    throw new RpcError(400, 'WEBPUSH_TOKEN_INVALID')
  if (sizeOf(keys?.p256dh) !== P256DH_BYTES) throw new RpcError(400, 'WEBPUSH_KEY_INVALID')
  if (sizeOf(keys?.auth) !== AUTH_BYTES) throw new RpcError(400, 'WEBPUSH_AUTH_INVALID')
}

interface Subscription {
  readonly endpoint?: unknown
  readonly keys?: { readonly p256dh?: unknown; readonly auth?: unknown } | null
}

function parsed(token: string): Subscription {
  try {
    const value: unknown = JSON.parse(token)
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // Told below.
  }
  throw new RpcError(400, 'TOKEN_INVALID')
}

const sizeOf = (encoded: unknown): number =>
  typeof encoded === 'string' ? Buffer.from(encoded, 'base64url').length : 0
