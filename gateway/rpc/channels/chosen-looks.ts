import { peerIdOfChat } from '@heliograph/schemas/avro'
import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import { may, type Reached } from '../chats/reach.ts'
import type { CallContext } from '../handler.ts'
import { entryAccessHash } from '../stickers/catalog.ts'
import { installedSets, publishedSet, setFor } from '../stickers/sticker-set.ts'
import { isForumAsMessages } from '../topics/view-as-messages.ts'
import { MIN_STICKERS_MEMBERS } from './sticker-sets.ts'

type Looks = Partial<
  Pick<Tl<'channelFull'>, 'stickerset' | 'emojiset' | 'mainTab' | 'canSetStickers' | 'viewForumAsMessages'>
>

/** What a channel has chosen for its page and its members, and the caller for itself. */
export async function looksOf(context: CallContext, reached: Reached): Promise<Looks> {
  const { facts, chatId } = reached
  const { stickers, emojiStickers, mainTab } = facts.profile
  const isForum = facts.flags.has('forum')
  const [stickerset, emojiset, asMessages] = await Promise.all([
    setOf(context, stickers),
    setOf(context, emojiStickers),
    isForum && isForumAsMessages(context.services, context.user, peerIdOfChat(chatId)),
  ])
  const isLarge = facts.kind === 'supergroup' && facts.participants >= MIN_STICKERS_MEMBERS
  return {
    ...(stickerset && { stickerset }),
    ...(emojiset && { emojiset }),
    ...(mainTab && { mainTab: { _: mainTab } as TlType<'ProfileTab'> }),
    ...(isLarge && may(reached, 'changeInfo') && { canSetStickers: true }),
    ...(asMessages && { viewForumAsMessages: true }),
  }
}

/** A set as the caller sees it; undefined where its owner has deleted it since. */
async function setOf(
  context: CallContext,
  id: bigint | null | undefined,
): Promise<Tl<'stickerSet'> | undefined> {
  if (id === null || id === undefined) return undefined
  const accessHash = entryAccessHash(context.services.keyring, 'stickers', id)
  try {
    const entry = await publishedSet(context, { _: 'inputStickerSetID', id, accessHash })
    return setFor(context, entry, (await installedSets(context)).get(id))
  } catch (error) {
    if (error instanceof RpcError) return undefined
    throw error
  }
}
