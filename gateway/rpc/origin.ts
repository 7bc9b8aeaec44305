import type { AuthKeyId, SessionId } from '../mtproto/ports.ts'

const ORIGIN_BYTES = 16

/**
 * Names the session that caused something, so that it is not sent its own update: the permanent auth key's id and the
 * session id, 8 bytes each. Records carry it as `ReplyAddress.session`, bus messages as `origin`.
 */
export function sessionOrigin(permanentKeyId: AuthKeyId, sessionId: SessionId): Buffer {
  const origin = Buffer.allocUnsafe(ORIGIN_BYTES)
  origin.write(permanentKeyId, 0, 'hex')
  origin.write(sessionId, 8, 'hex')
  return origin
}
