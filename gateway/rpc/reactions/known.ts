import { RpcError, type TlType } from '@heliograph/schemas/tl'
import { storedReaction } from '../chats/reactions.ts'
import { REACTION_EMOJI } from '../stickers/glyphs.ts'

/** How a reaction begins that is a custom emoji. */
export const CUSTOM = 'custom:'

/** A reaction that there is, as it is kept: emoji without a sign of their style. 400 REACTION_INVALID for others. */
export function knownReaction(reaction: TlType<'Reaction'>): string {
  const stored = storedReaction(reaction)
  if (stored.startsWith(CUSTOM) || REACTION_EMOJI.has(stored)) return stored
  const plain = stored.replaceAll('\ufe0f', '')
  if (!REACTION_EMOJI.has(plain)) throw new RpcError(400, 'REACTION_INVALID')
  return plain
}
