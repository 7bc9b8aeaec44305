import type { PeerId, UserId } from '@heliograph/schemas/avro'
import type { Tl } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../handler.ts'
import { composeText, mentionResolver } from '../messages/text/compose.ts'
import { renderEntities } from '../render/message-entity.ts'
import { renderPeer } from '../render/peer.ts'
import type { Services } from '../services.ts'
import { listSettings, readTlSetting, tlValue, writeSetting, writeTlSetting } from '../settings.ts'

/** Drafts in topics: a setting of the account for each. */

export const TOPIC_DRAFT_PREFIX = 'topic-draft:'

const nameOf = (peerId: PeerId, topicId: number): string => `${TOPIC_DRAFT_PREFIX}${peerId}/${topicId}`

type SaveCall = Parameters<Handler<'messages.saveDraft'>>[0]
type Reading = Pick<Services, 'tables' | 'keyring'>

/** `messages.saveDraft` for a topic: an empty text removes the draft. */
export async function saveTopicDraft(
  call: SaveCall,
  context: CallContext,
  peerId: PeerId,
  topicId: number,
): Promise<true> {
  const { text, entities } = composeText(call.message, call.entities, mentionResolver(context))
  if (text === '') return clearTopicDraft(context, peerId, topicId)
  await writeTlSetting(context, nameOf(peerId, topicId), {
    _: 'draftMessage',
    message: text,
    date: context.now,
    ...(entities.length > 0 && { entities: renderEntities(entities) }),
    ...(call.replyTo !== undefined && { replyTo: call.replyTo }),
    ...(call.noWebpage === true && { noWebpage: true }),
    ...(call.invertMedia === true && { invertMedia: true }),
  })
  return true
}

/** Removes the caller's draft in a topic where there is one. */
export async function clearTopicDraft(context: CallContext, peerId: PeerId, topicId: number): Promise<true> {
  const name = nameOf(peerId, topicId)
  const before = await readTlSetting(context.services, context.user, name, 'draftMessage')
  if (before !== undefined) await writeSetting(context, name, null)
  return true
}

/** The user's drafts in the topics of a forum, by topic. */
export async function topicDrafts(
  services: Reading,
  userId: UserId,
  peerId: PeerId,
): Promise<Map<number, Tl<'draftMessage'>>> {
  const prefix = `${TOPIC_DRAFT_PREFIX}${peerId}/`
  const drafts = new Map<number, Tl<'draftMessage'>>()
  for (const { name, value } of await listSettings(services, userId, prefix)) {
    const draft = tlValue(value, 'draftMessage')
    if (draft !== undefined) drafts.set(Number(name.slice(prefix.length)), draft)
  }
  return drafts
}

/** The draft of one topic as the update that tells of it; `name` is that of the setting. */
export async function topicDraftUpdate(
  services: Reading,
  userId: UserId,
  name: string,
  now: number,
): Promise<Tl<'updateDraftMessage'>> {
  const [peerId, topMsgId] = name.slice(TOPIC_DRAFT_PREFIX.length).split('/').map(Number)
  const draft = await readTlSetting(services, userId, name, 'draftMessage')
  const peer = renderPeer(peerId!)
  const none = { _: 'draftMessageEmpty', date: now } as const
  return { _: 'updateDraftMessage', peer, topMsgId: topMsgId!, draft: draft ?? none }
}
