import { createHash } from 'node:crypto'
import { privateChatId } from '@heliograph/schemas/avro'
import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import { messageTags } from '@heliograph/storage'
import { renderReaction } from '../chats/reactions.ts'
import type { CallContext, Handler } from '../handler.ts'
import { inputPeerId } from '../peers.ts'
import type { Draft } from '../render/message.ts'
import { readTlSetting, writeTlSetting } from '../settings.ts'
import { knownReaction } from './known.ts'

/** Reactions to saved messages: tags that the user finds them by (core.telegram.org/api/saved-messages#tags). */

/** The names that a user has given to its tags. */
export const TAGS_SETTING = 'reaction-tags'
const MAX_TITLE_LENGTH = 12
/** Tagged messages that are looked at. */
const MAX_TAGGED = 20_000
const MAX_TITLES = 1_000

/** `messages.getSavedReactionTags`: all tags with their numbers of messages, those used most first. */
export const getSavedReactionTags: Handler<'messages.getSavedReactionTags'> = async (call, context) => {
  // Tags of one chat within Saved Messages are those of all.
  if (call.peer !== undefined) inputPeerId(call.peer, context)
  const { services, user } = context
  const chatId = privateChatId(user, user)
  const rows = await services.tables.range(messageTags, { chatId }, { limit: MAX_TAGGED })
  const counts = new Map<string, number>()
  for (const { reaction } of rows) counts.set(reaction!, (counts.get(reaction!) ?? 0) + 1)
  const titles = await titlesOf(context)
  const tags = [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([name, count]) => tag(name, titles.get(name), count))
  const hash = hashOf(tags.map(({ title, count }, i) => `${i} ${title} ${count}`).concat([...counts.keys()]))
  if (hash !== 0n && hash === call.hash) return { _: 'messages.savedReactionTagsNotModified' }
  return { _: 'messages.savedReactionTags', tags, hash }
}

function tag(name: string, title: string | undefined, count: number): Tl<'savedReactionTag'> {
  const shown: Draft<Tl<'savedReactionTag'>> = {
    _: 'savedReactionTag',
    reaction: renderReaction(name),
    count,
  }
  return title === undefined ? shown : { ...shown, title }
}

async function titlesOf({ services, user }: CallContext): Promise<Map<string, string>> {
  const kept = await readTlSetting(services, user, TAGS_SETTING, 'messages.savedReactionTags')
  return new Map((kept?.tags ?? []).map(({ reaction, title = '' }) => [knownReaction(reaction), title]))
}

/** `messages.updateSavedReactionTag`: names a tag, or takes its name; 400 REACTION_INVALID. */
export const updateSavedReactionTag: Handler<'messages.updateSavedReactionTag'> = async (call, context) => {
  const name = knownReaction(call.reaction)
  const title = call.title?.trim() ?? ''
  if (title.length > MAX_TITLE_LENGTH) throw new RpcError(400, 'REACTION_INVALID')
  const titles = await titlesOf(context)
  if (title === '') titles.delete(name)
  else titles.set(name, title)
  if (titles.size > MAX_TITLES) throw new RpcError(400, 'REACTION_INVALID')
  const tags: TlType<'SavedReactionTag'>[] = [...titles].map(([each, given]) => tag(each, given, 0))
  await writeTlSetting(context, TAGS_SETTING, { _: 'messages.savedReactionTags', tags, hash: 0n })
  return true
}

/** Tells one list from another. */
function hashOf(names: readonly string[]): bigint {
  if (names.length === 0) return 0n
  const digest = createHash('sha256').update(names.join('\n')).digest()
  return digest.readBigUInt64LE() >> 1n
}
