import type { PeerId } from '@heliograph/schemas/avro'
import { decodeObject, RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { CallContext } from '../handler.ts'
import { type Handler, type Handlers, works } from '../handler.ts'
import { locateOneIn } from '../messages/mailbox/locate.ts'
import { openMailbox } from '../messages/mailbox/open.ts'
import { openMessages } from '../messages/mailbox/rendered.ts'
import { resolveReply } from '../messages/send/reply-to.ts'
import { inputPeerId } from '../peers.ts'
import { wallPaper } from '../stickers/wallpapers.ts'
import { stampedWallPaper, unstampedWallPaper } from '../upload/stamp.ts'
import { chatThemes } from './chat-themes.ts'
import { lookOf, tellChat } from './looks.ts'

/** `messages.setChatTheme`: for both; an empty emoji takes it away. */
const setChatTheme: Handler<'messages.setChatTheme'> = async (call, context) => {
  const peerId = inputPeerId(call.peer, context)
  if (peerId <= 0) throw new RpcError(400, 'PEER_ID_INVALID')
  const emoticon = emoticonOf(call.theme)
  const before = await chatTheme(context, peerId)
  if ((before?.emoticon ?? '') === emoticon) throw new RpcError(400, 'EMOJI_NOT_MODIFIED')
  const theme: Tl<'chatTheme'> = { _: 'chatTheme', emoticon }
  const action = { _: 'messageActionSetChatTheme', theme } as const
  return tellChat(context, peerId, { action, look: 'theme', ...(emoticon !== '' && { value: theme }) })
}

function emoticonOf(input: TlType<'InputChatTheme'>): string {
  if (input._ === 'inputChatThemeEmpty') return ''
  if (input._ !== 'inputChatTheme') throw new RpcError(400, 'EMOJI_INVALID')
  const { emoticon } = input
  if (emoticon !== '' && !chatThemes().some((theme) => theme.emoticon === emoticon))
    throw new RpcError(400, 'EMOJI_INVALID')
  return emoticon
}

/** The theme of the viewer's chat with somebody; undefined for none. */
export async function chatTheme(
  context: Pick<CallContext, 'services' | 'user'>,
  peerId: PeerId,
): Promise<Tl<'chatTheme'> | undefined> {
  const value: { readonly _: string } | undefined = await lookOf(context, peerId, 'theme')
  return value?._ === 'chatTheme' ? (value as Tl<'chatTheme'>) : undefined
}

/** The wallpaper that the viewer has in a chat; undefined for none of its own. */
export async function chatWallPaper(
  context: Pick<CallContext, 'services' | 'user'>,
  peerId: PeerId,
): Promise<TlType<'WallPaper'> | undefined> {
  const value: { readonly _: string } | undefined = await lookOf(context, peerId, 'wallpaper')
  if (!value?._.startsWith('wallPaper')) return undefined
  return stampedWallPaper(context.services, context.user, value as TlType<'WallPaper'>)
}

/** `messages.setChatWallPaper`: for the caller; the other one is told and may take the same by the message (`id`). */
const setChatWallPaper: Handler<'messages.setChatWallPaper'> = async (call, context) => {
  const peerId = inputPeerId(call.peer, context)
  if (peerId <= 0) throw new RpcError(400, 'PEER_ID_INVALID')
  if (call.forBoth === true) throw new RpcError(400, 'PREMIUM_ACCOUNT_REQUIRED')
  if (call.id !== undefined) {
    const wallpaper = await toldWallPaper(context, peerId, call.id)
    const same = { _: 'messageActionSetChatWallPaper', same: true, wallpaper } as const
    return tellChat(context, peerId, { action: same, look: 'wallpaper', value: wallpaper })
  }
  if (call.wallpaper === undefined) throw new RpcError(400, 'WALLPAPER_INVALID')
  const wallpaper = unstampedWallPaper(await wallPaper(context, call.wallpaper, call.settings))
  const action = { _: 'messageActionSetChatWallPaper', wallpaper } as const
  return tellChat(context, peerId, { action, look: 'wallpaper', value: wallpaper })
}

/** The wallpaper that a message tells of; 400 WALLPAPER_NOT_FOUND. */
async function toldWallPaper(
  context: CallContext,
  peerId: PeerId,
  msgId: number,
): Promise<TlType<'WallPaper'>> {
  const entry = await locateOneIn(await openMailbox(context, peerId), msgId)
  const [message] = entry === undefined ? [] : await openMessages(context.services, context.user, [entry])
  const bytes = message?.content?.action
  const action = bytes ? (decodeObject(bytes) as TlType<'MessageAction'>) : undefined
  if (action?._ !== 'messageActionSetChatWallPaper') throw new RpcError(400, 'WALLPAPER_NOT_FOUND')
  return unstampedWallPaper(action.wallpaper)
}

/** `messages.sendScreenshotNotification`: the other one is told of a screenshot of its chat. */
const sendScreenshotNotification: Handler<'messages.sendScreenshotNotification'> = async (call, context) => {
  const peerId = inputPeerId(call.peer, context)
  if (call.replyTo._ === 'inputReplyToStory') throw new RpcError(400, 'STORY_ID_INVALID')
  const reply = await resolveReply(context, peerId, call.replyTo)
  return tellChat(context, peerId, { action: { _: 'messageActionScreenshotTaken' }, reply })
}

/** Of `messages` and `account`: how chats look. */
export const themesHandlers: Handlers = {
  'messages.setChatTheme': works(setChatTheme),
  'messages.setChatWallPaper': works(setChatWallPaper),
  'messages.sendScreenshotNotification': works(sendScreenshotNotification, 'send'),
  'account.getChatThemes': works((call) => {
    const themes = [...chatThemes()]
    return call.hash === 1n ? { _: 'account.themesNotModified' } : { _: 'account.themes', hash: 1n, themes }
  }),
}
