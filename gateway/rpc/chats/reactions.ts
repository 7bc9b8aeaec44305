import { RpcError, type TlType } from '@heliograph/schemas/tl'

const CUSTOM = 'custom:'
/** Reactions that one chat may name. */
export const MAX_CHAT_REACTIONS = 1_000

/** What members may react with, as it is kept: undefined all, an empty list nothing, otherwise emoji and `custom:<id>`. */
export function storedReactions(reactions: TlType<'ChatReactions'>): string[] | undefined {
  switch (reactions._) {
    case 'chatReactionsAll':
      return undefined
    case 'chatReactionsNone':
      return []
    case 'chatReactionsSome': {
      if (reactions.reactions.length > MAX_CHAT_REACTIONS) throw new RpcError(400, 'REACTION_INVALID')
      return [...new Set(reactions.reactions.map(storedReaction))]
    }
  }
}

/** One reaction as it is kept; an empty one and paid ones are 400 REACTION_INVALID. */
export function storedReaction(reaction: TlType<'Reaction'>): string {
  if (reaction._ === 'reactionEmoji' && reaction.emoticon !== '') return reaction.emoticon
  if (reaction._ === 'reactionCustomEmoji') return CUSTOM + reaction.documentId
  throw new RpcError(400, 'REACTION_INVALID')
}

export function chatReactions(stored: readonly string[] | undefined): TlType<'ChatReactions'> {
  if (stored === undefined) return { _: 'chatReactionsAll', allowCustom: true }
  if (stored.length === 0) return { _: 'chatReactionsNone' }
  return { _: 'chatReactionsSome', reactions: stored.map(renderReaction) }
}

export function renderReaction(stored: string): TlType<'Reaction'> {
  if (!stored.startsWith(CUSTOM)) return { _: 'reactionEmoji', emoticon: stored }
  return { _: 'reactionCustomEmoji', documentId: BigInt(stored.slice(CUSTOM.length)) }
}
