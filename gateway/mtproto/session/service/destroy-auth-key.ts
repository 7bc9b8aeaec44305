import type { Arrival } from '../arrival.ts'
import { DESTROY_AUTH_KEY_FAIL, DESTROY_AUTH_KEY_OK } from '../constructors.ts'
import type { Context } from '../context.ts'
import { flushSession, queueService } from '../outbox.ts'
import { constructorOnly } from '../service-bodies.ts'
import type { Session } from '../session.ts'

/** `destroy_auth_key`: from here on every frame of the key gets -404; the answer goes out once the store has forgotten it. */
export function receiveDestroyAuthKey({ ctx, session }: Arrival): void {
  session.key.destroyed = true
  ctx.ports.authKeys.destroy(session.key.id).then(
    () => finish(ctx, session),
    (error: unknown) => {
      session.key.destroyed = false
      ctx.ports.onBug(error, 'destroy_auth_key')
      if (!session.closed) queueService(ctx, session, constructorOnly(DESTROY_AUTH_KEY_FAIL))
    },
  )
}

function finish(ctx: Context, session: Session): void {
  if (!session.closed) {
    queueService(ctx, session, constructorOnly(DESTROY_AUTH_KEY_OK))
    flushSession(ctx, session)
  }
  // Temporary keys that spoke for this one speak for nobody now.
  for (const state of [session.key, ...ctx.keys.statesOf(session.key.id)]) ctx.keys.removeKey(state)
}
