import type { PeerId, UserId } from '@heliograph/schemas/avro'
import { rpcError } from '@heliograph/schemas/tl'
import type { CallContext } from './handler.ts'

/**
 * For calls that are about somebody: nobody is there behind an account that was deleted. Groups and channels pass.
 * @throws RpcError 400 INPUT_USER_DEACTIVATED
 */
export async function requireAccount(
  { services, user }: Pick<CallContext, 'services' | 'user'>,
  peerId: PeerId,
): Promise<void> {
  if (peerId < 0) return
  const [view] = await services.directory.views(user, [peerId as number as UserId])
  if (view?.facts?.deleted === true) throw rpcError('INPUT_USER_DEACTIVATED')
}
