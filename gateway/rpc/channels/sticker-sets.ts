import { RpcError, type TlType } from '@heliograph/schemas/tl'
import { isAnonymous } from '../chats/anonymity.ts'
import { editChat } from '../chats/profile.ts'
import { type Reached, reachChannel, requireRight, requireSupergroup } from '../chats/reach.ts'
import type { LogAction } from '../chats/sealed.ts'
import { sealChatProfile } from '../directory/chat-facts.ts'
import type { CallContext, Handler } from '../handler.ts'
import { entryAccessHash } from '../stickers/catalog.ts'
import { publishedSet, type SetEntry } from '../stickers/sticker-set.ts'

/** Sets of stickers and of custom emoji that a supergroup has chosen for its members. */

/** Members that a group must have before it may choose stickers. */
export const MIN_STICKERS_MEMBERS = 100

const ACTIONS = {
  stickers: 'channelAdminLogEventActionChangeStickerSet',
  emojiStickers: 'channelAdminLogEventActionChangeEmojiStickerSet',
} as const

/**
 * `channels.setStickers` @throws RpcError 400 CHAT_ID_INVALID, CHAT_ADMIN_REQUIRED, PARTICIPANTS_TOO_FEW, STICKERSET_INVALID, 406
 * STICKERSET_OWNER_ANONYMOUS
 */
export const setStickers: Handler<'channels.setStickers'> = async (call, context) => {
  const reached = await reachChannel(context, call.channel)
  requireSupergroup(reached, 'CHAT_ID_INVALID')
  requireRight(reached, 'changeInfo')
  if (reached.facts.participants < MIN_STICKERS_MEMBERS) throw new RpcError(400, 'PARTICIPANTS_TOO_FEW')
  return changeSet(context, reached, 'stickers', call.stickerset)
}

/** `channels.setEmojiStickers`; boosts are not asked for. @throws RpcError 400 CHANNEL_INVALID, CHAT_ADMIN_REQUIRED, STICKERSET_INVALID */
export const setEmojiStickers: Handler<'channels.setEmojiStickers'> = async (call, context) => {
  const reached = await reachChannel(context, call.channel)
  requireSupergroup(reached, 'CHANNEL_INVALID')
  requireRight(reached, 'changeInfo')
  return changeSet(context, reached, 'emojiStickers', call.stickerset)
}

/** Chooses a set for the group, and tells its administrators which it had before. */
async function changeSet(
  context: CallContext,
  reached: Reached,
  place: keyof typeof ACTIONS,
  input: TlType<'InputStickerSet'>,
): Promise<true> {
  const chosen = await chosenSet(context, reached, place, input)
  const prevStickerset = inputSet(context, reached.facts.profile[place])
  const newStickerset = inputSet(context, chosen)
  await choose(context, reached, place, chosen, { _: ACTIONS[place], prevStickerset, newStickerset })
  return true
}

/** The id of the set that is named, of the right kind; null for none. */
async function chosenSet(
  context: CallContext,
  { member }: Reached,
  place: keyof typeof ACTIONS,
  input: TlType<'InputStickerSet'>,
): Promise<bigint | null> {
  if (input._ === 'inputStickerSetEmpty') return null
  const entry: SetEntry = await publishedSet(context, input)
  const { emojis, masks } = entry.value.set
  if ((emojis === true) !== (place === 'emojiStickers') || masks === true)
    throw new RpcError(400, 'STICKERSET_INVALID')
  // Whoever knows whose set it is would know who the administrator is.
  if (place === 'stickers' && entry.ownerId === context.user && isAnonymous(member))
    throw new RpcError(406, 'STICKERSET_OWNER_ANONYMOUS')
  return entry.entryId
}

async function choose(
  context: CallContext,
  reached: Reached,
  field: 'stickers' | 'emojiStickers',
  chosen: bigint | null,
  log: LogAction,
): Promise<void> {
  const { chatId, facts } = reached
  if ((facts.profile[field] ?? null) === chosen) return
  const profile = await sealChatProfile(context.services, chatId, { ...facts.profile, [field]: chosen })
  await editChat(context, reached, 'stickers', { profile }, log)
}

const inputSet = ({ services }: CallContext, id: bigint | null | undefined): TlType<'InputStickerSet'> =>
  id === null || id === undefined
    ? { _: 'inputStickerSetEmpty' }
    : { _: 'inputStickerSetID', id, accessHash: entryAccessHash(services.keyring, 'stickers', id) }
