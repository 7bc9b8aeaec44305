import type { SessionId } from '../../ports.ts'
import type { Arrival } from '../arrival.ts'
import { DESTROY_SESSION_NONE, DESTROY_SESSION_OK } from '../constructors.ts'
import { queueService } from '../outbox.ts'
import { destroySessionResult } from '../service-bodies.ts'

/** `destroy_session`: ends another session of the same key. The session that asks cannot end itself. */
export function receiveDestroySession({ ctx, session }: Arrival, body: Buffer): void {
  if (body.length < 12) return
  const other = session.key.session(body.toString('hex', 4, 12) as SessionId)
  const ends = other !== undefined && other !== session
  if (ends) ctx.keys.removeSession(other)
  const result = ends ? DESTROY_SESSION_OK : DESTROY_SESSION_NONE
  queueService(ctx, session, destroySessionResult(result, body.readBigInt64LE(4)))
}
