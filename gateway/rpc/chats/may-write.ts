import { BANNED_RIGHTS, hasRight } from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import { forbiddenTo, type Reached, requireRight } from './reach.ts'

/**
 * Whether the caller may send anything at all, as the chat's actor decides it again for each message.
 * @throws RpcError 403 CHAT_WRITE_FORBIDDEN, 400 CHAT_ADMIN_REQUIRED, USER_BANNED_IN_CHANNEL
 */
export function requireMayWriteIn(reached: Reached, now: number): void {
  const { isIn, facts } = reached
  if (!isIn && !mayComment(reached)) throw new RpcError(403, 'CHAT_WRITE_FORBIDDEN')
  if (facts.kind === 'broadcast') return requireRight(reached, 'postMessages')
  if (!hasRight(forbiddenTo(reached, now), BANNED_RIGHTS.sendMessages)) return
  if (hasRight(facts.defaultBanned, BANNED_RIGHTS.sendMessages))
    throw new RpcError(403, 'CHAT_WRITE_FORBIDDEN')
  throw new RpcError(400, 'USER_BANNED_IN_CHANNEL')
}

/** Who is not in the discussion group of a channel may write there, unless its members alone may. */
const mayComment = ({ facts }: Reached): boolean =>
  facts.kind === 'supergroup' && facts.linkedChatId !== undefined && !facts.flags.has('joinToSend')
