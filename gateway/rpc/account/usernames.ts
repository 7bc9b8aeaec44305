import { RpcError } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../handler.ts'

/**
 * An account here has one username, the one that its owner chose: more of them are sold elsewhere, and there is nobody to sell
 * them. So its order is always right, and it is always active.
 */
export const reorderUsernames: Handler<'account.reorderUsernames'> = async (call, context) => {
  const own = await usernameOf(context)
  const isOrder = call.order.length === (own === undefined ? 0 : 1) && (call.order[0] ?? '') === (own ?? '')
  throw new RpcError(400, isOrder ? 'USERNAME_NOT_MODIFIED' : 'ORDER_INVALID')
}

export const toggleUsername: Handler<'account.toggleUsername'> = async (call, context) => {
  const own = await usernameOf(context)
  const isOwn = own !== undefined && own.toLowerCase() === call.username.toLowerCase()
  throw new RpcError(400, isOwn && call.active ? 'USERNAME_NOT_MODIFIED' : 'USERNAME_INVALID')
}

async function usernameOf({ services, user }: CallContext): Promise<string | undefined> {
  return (await services.directory.find(user))?.username
}
