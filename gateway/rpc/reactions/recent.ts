import type { Result, TlType } from '@heliograph/schemas/tl'
import { renderReaction } from '../chats/reactions.ts'
import type { CallContext, Handler } from '../handler.ts'
import { readTlSetting, writeSetting, writeTlSetting } from '../settings.ts'
import { REACTION_EMOJI } from '../stickers/glyphs.ts'
import { knownReaction } from './known.ts'
import { reactionsHash } from './list-hash.ts'

/** The reactions that a user has used last, as a setting of its account. */
export const RECENT_REACTIONS_SETTING = 'recent-reactions'
const DEFAULT_REACTION_SETTING = 'default-reaction'
export const MAX_RECENT = 50
const MAX_LISTED = 100
/** What clients offer as tags of saved messages before any is used. */
const MAX_DEFAULT_TAGS = 8

type Reactions = Result<'messages.getTopReactions'>

/** Reactions as they are kept, which the user has used just now. */
export async function rememberReactions(context: CallContext, used: readonly string[]): Promise<void> {
  const before = await recentOf(context)
  const earlier = before.map((reaction) => knownReaction(reaction)).filter((each) => !used.includes(each))
  const reactions = [...used, ...earlier].slice(0, MAX_RECENT).map(renderReaction)
  await writeTlSetting(context, RECENT_REACTIONS_SETTING, { _: 'messages.reactions', hash: 0n, reactions })
}

async function recentOf({ services, user }: CallContext): Promise<readonly TlType<'Reaction'>[]> {
  const kept = await readTlSetting(services, user, RECENT_REACTIONS_SETTING, 'messages.reactions')
  return kept?.reactions ?? []
}

export const getRecentReactions: Handler<'messages.getRecentReactions'> = async (call, context) =>
  answer(await recentOf(context), call)

/** What the user uses most: what it has used last, before all others that there are. */
export const getTopReactions: Handler<'messages.getTopReactions'> = async (call, context) => {
  const recent = (await recentOf(context)).map((reaction) => knownReaction(reaction))
  return answer([...new Set([...recent, ...REACTION_EMOJI])].map(renderReaction), call)
}

export const clearRecentReactions: Handler<'messages.clearRecentReactions'> = async (_, context) => {
  await writeSetting(context, RECENT_REACTIONS_SETTING, null)
  return true
}

export const getDefaultTagReactions: Handler<'messages.getDefaultTagReactions'> = (call) =>
  answer([...REACTION_EMOJI].slice(0, MAX_DEFAULT_TAGS).map(renderReaction), {
    ...call,
    limit: MAX_DEFAULT_TAGS,
  })

/** `messages.setDefaultReaction`: what a double tap says; 400 REACTION_INVALID. */
export const setDefaultReaction: Handler<'messages.setDefaultReaction'> = async ({ reaction }, context) => {
  const known = renderReaction(knownReaction(reaction))
  await writeTlSetting(context, DEFAULT_REACTION_SETTING, known)
  return true
}

function answer(
  all: readonly TlType<'Reaction'>[],
  { limit, hash }: { readonly limit: number; readonly hash: bigint },
): Reactions {
  const reactions = all.slice(0, Math.max(0, Math.min(MAX_LISTED, limit)))
  const current = reactionsHash(reactions.map((reaction) => knownReaction(reaction)))
  if (current === hash) return { _: 'messages.reactionsNotModified' }
  return { _: 'messages.reactions', hash: current, reactions }
}
