import { isChannelPeer, type PeerId, type UserId, userKey } from '@heliograph/schemas/avro'
import type { Tl, TlType } from '@heliograph/schemas/tl'
import { type DataKey, drafts, type RowOf, userScope } from '@heliograph/storage'
import type { CallContext, Handler } from '../handler.ts'
import { inputPeerId } from '../peers.ts'
import type { Draft } from '../render/message.ts'
import { renderEntities } from '../render/message-entity.ts'
import { renderPeer } from '../render/peer.ts'
import type { Services } from '../services.ts'
import { saveTopicDraft } from '../topics/drafts.ts'
import { namedIn, updatesOf } from './answers.ts'
import { openDraft, sealDraft, textContent } from './content.ts'
import { composeText, mentionResolver } from './text/compose.ts'

/** Drafts of one user that are read at once. */
export const MAX_DRAFTS = 1000

export type DraftRow = RowOf<typeof drafts>

/** `messages.saveDraft`: an empty text that answers nothing removes the draft. */
export const saveDraft: Handler<'messages.saveDraft'> = async (call, context) => {
  const peerId = inputPeerId(call.peer, context)
  const topicId = topicOf(peerId, call.replyTo)
  if (topicId !== undefined) return saveTopicDraft(call, context, peerId, topicId)
  const { text, entities } = composeText(call.message, call.entities, mentionResolver(context))
  const replyToMsgId = call.replyTo?._ === 'inputReplyToMessage' ? call.replyTo.replyToMsgId : null
  if (text === '' && replyToMsgId === null) return clearDraft(context, peerId)
  const flags = (['noWebpage', 'invertMedia'] as const).filter((flag) => call[flag] === true)
  const content = { ...textContent(text, entities), flags: [...flags] }
  const sealed = await sealDraft(context.services, context.user, content)
  return putDraft(context, peerId, sealed, replyToMsgId)
}

/** The topic of a forum, or thread, that something answers in. */
export function topicOf(peerId: PeerId, replyTo: TlType<'InputReplyTo'> | undefined): number | undefined {
  return isChannelPeer(peerId) && replyTo?._ === 'inputReplyToMessage' ? replyTo.topMsgId : undefined
}

/** Removes the caller's draft in a chat where there is one. */
export async function clearDraft(context: CallContext, peerId: PeerId): Promise<true> {
  const row = await context.services.tables.get(drafts, { userId: context.user, peerId })
  return row === undefined || isRemoved(row) ? true : putDraft(context, peerId, null, null)
}

async function putDraft(
  { user, services, caller }: CallContext,
  peerId: PeerId,
  sealed: Buffer | null,
  replyToMsgId: number | null,
): Promise<true> {
  const command = { type: 'SaveDraft', userId: user, peerId, sealed, replyToMsgId } as const
  await services.commands.ask('account.commands', userKey(user), command, caller)
  return true
}

const isRemoved = (row: DraftRow): boolean => row.sealed === null

/** The drafts of a user that are not removed. */
export async function draftsOf(services: Pick<Services, 'tables'>, userId: UserId): Promise<DraftRow[]> {
  const rows = await services.tables.range(drafts, { userId }, { limit: MAX_DRAFTS })
  return rows.filter((row) => !isRemoved(row))
}

/** A stored draft as TL value; undefined where it cannot be read. */
export function renderDraft(
  services: Pick<Services, 'codec' | 'keyring'>,
  userId: UserId,
  key: DataKey | undefined,
  row: DraftRow,
): TlType<'DraftMessage'> | undefined {
  const content = openDraft(services, userId, key, row.sealed)
  if (content === undefined) return undefined
  const draft: Draft<Tl<'draftMessage'>> = {
    _: 'draftMessage',
    message: content.text,
    date: row.date ?? 0,
  }
  if (content.entities.length > 0) draft.entities = renderEntities(content.entities)
  if (row.replyToMsgId) draft.replyTo = { _: 'inputReplyToMessage', replyToMsgId: row.replyToMsgId }
  if (content.flags.includes('noWebpage')) draft.noWebpage = true
  if (content.flags.includes('invertMedia')) draft.invertMedia = true
  return draft
}

/** The draft of one chat as the update that tells of it; an empty draft where there is none. */
export async function draftUpdate(
  services: Pick<Services, 'tables' | 'codec' | 'keyring'>,
  userId: UserId,
  peerId: PeerId,
  now: number,
): Promise<Tl<'updateDraftMessage'>> {
  const row = await services.tables.get(drafts, { userId, peerId })
  const key = await services.keyring.find(userScope(userId))
  const draft = row && renderDraft(services, userId, key, row)
  return {
    _: 'updateDraftMessage',
    peer: renderPeer(peerId),
    draft: draft ?? { _: 'draftMessageEmpty', date: row?.date ?? now },
  }
}

/** `messages.getAllDrafts` */
export const getAllDrafts: Handler<'messages.getAllDrafts'> = async (_, context) => {
  const { services, user, now } = context
  const key = await services.keyring.find(userScope(user))
  const updates: TlType<'Update'>[] = []
  const peers: PeerId[] = []
  for (const row of await draftsOf(services, user)) {
    const draft = renderDraft(services, user, key, row)
    if (draft === undefined) continue
    updates.push({ _: 'updateDraftMessage', peer: renderPeer(row.peerId as PeerId), draft })
    peers.push(row.peerId as PeerId)
  }
  const { users, chats } = await namedIn(context, [], peers)
  return updatesOf(updates, users, now, chats)
}

/** `messages.clearAllDrafts` */
export const clearAllDrafts: Handler<'messages.clearAllDrafts'> = async (_, context) => {
  const rows = await draftsOf(context.services, context.user)
  await Promise.all(rows.map((row) => putDraft(context, row.peerId as PeerId, null, null)))
  return true
}
