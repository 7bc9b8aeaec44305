import { type ChatId, chatIdOf, type MessageSeq, type PeerId, type UserId } from '@heliograph/schemas/avro'
import { type AnyObject, decodeObject, encodeObject, RpcError, type TlType } from '@heliograph/schemas/tl'
import { chatLooks, chatScope } from '@heliograph/storage'
import { open, seal } from '@heliograph/topics'
import { serviceOf } from '../chats/told.ts'
import type { CallContext } from '../handler.ts'
import { countedOf } from '../messages/answers.ts'
import { sentUpdates } from '../messages/send/outgoing.ts'
import { AS_ONESELF } from '../messages/send/posting.ts'
import { NO_REPLY, type ReplyTarget } from '../messages/send/reply-to.ts'
import { requireMayWrite } from '../privacy/ask.ts'

export type Look = 'theme' | 'wallpaper'

const FOR_BOTH = 0 as UserId
const lookContext = (chatId: ChatId) => ({ topic: 'chat.events', key: chatId, type: 'ChatLook' })

/** How a private chat looks to the viewer: a TL value; undefined for as usual. */
export async function lookOf(
  { services, user }: Pick<CallContext, 'services' | 'user'>,
  peerId: PeerId,
  look: Look,
): Promise<ReturnType<typeof decodeObject> | undefined> {
  const chatId = chatIdOf(user, peerId)
  const userId = look === 'theme' ? FOR_BOTH : user
  const row = await services.tables.get(chatLooks, { chatId, look, userId })
  const key = row?.value ? await services.keyring.find(chatScope(chatId)) : undefined
  const bytes = row?.value && key ? open(key.key, lookContext(chatId), row.value) : undefined
  return bytes && decodeObject(bytes)
}

/** What a message tells in a private chat, and how the chat looks from then on. */
export interface ToldLook {
  readonly action: TlType<'MessageAction'>
  readonly reply?: ReplyTarget
  readonly look?: Look
  /** Absent for as usual. */
  readonly value?: AnyObject
}

/** Tells both of a private chat something; 400 PEER_ID_INVALID elsewhere, and what forbids to write there. */
export async function tellChat(
  context: CallContext,
  peerId: PeerId,
  { action, reply = NO_REPLY, look, value }: ToldLook,
): Promise<TlType<'Updates'>> {
  const { user, services, caller } = context
  if (peerId <= 0) throw new RpcError(400, 'PEER_ID_INVALID')
  await requireMayWrite(services, user, peerId)
  const chatId = chatIdOf(user, peerId)
  const { content, fields } = await serviceOf(context, chatId, action)
  const { service, serviceRandomId: randomId } = fields
  const sealed = service!
  const command = {
    type: 'TellChat',
    chatId,
    userId: user,
    replyToSeq: reply.seq as MessageSeq | null,
    look: look ?? '',
    value: value === undefined ? null : await sealLook(context, chatId, value),
    service: sealed,
    serviceRandomId: randomId,
  } as const
  const counted = countedOf(await services.commands.ask('chat.commands', chatId, command, caller))
  const message = { randomId, silent: false, content, reply, posting: AS_ONESELF }
  return sentUpdates(context, peerId, [{ outgoing: { ...message, mentions: [], sealed }, counted }])
}

async function sealLook({ services }: CallContext, chatId: ChatId, value: AnyObject): Promise<Buffer> {
  const { key } = await services.keyring.obtain(chatScope(chatId))
  return seal(key, lookContext(chatId), Buffer.from(encodeObject(value)))
}
