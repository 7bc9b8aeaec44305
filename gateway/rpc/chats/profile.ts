import { type ChatProfile, type EditChat, UNCHANGED_CHAT } from '@heliograph/schemas/avro'
import { encodeObject, type TlType } from '@heliograph/schemas/tl'
import { sealChatProfile } from '../directory/chat-facts.ts'
import type { CallContext, Handler } from '../handler.ts'
import { chatPhotoOf } from '../photos/chat-photo.ts'
import { requireChatAbout, requireTitle } from './names.ts'
import { type Reached, reachChannel, reachGroup, reachPeer } from './reach.ts'
import { type LogAction, sealLog } from './sealed.ts'
import { askChat, chatUpdates, NO_SERVICE, type Service, serviceOf } from './told.ts'

/** An `EditChat` that changes nothing yet. */
export const UNCHANGED: Omit<EditChat, 'chatId' | 'byUserId' | 'change'> = {
  type: 'EditChat',
  ...UNCHANGED_CHAT,
  ...NO_SERVICE,
  log: null,
}

type Edited = Partial<Omit<EditChat, 'type' | 'chatId' | 'byUserId' | 'change' | 'log'>>

/** Changes a chat and answers its updates; `action` is told in the chat, `log` to its administrators. */
export async function editChat(
  context: CallContext,
  { chatId }: Pick<Reached, 'chatId'>,
  change: string,
  edited: Edited,
  log: LogAction | undefined,
  action?: TlType<'MessageAction'>,
): Promise<TlType<'Updates'>> {
  const service: Service | undefined = action && (await serviceOf(context, chatId, action))
  const reply = await askChat(context, {
    ...UNCHANGED,
    ...edited,
    ...service?.fields,
    chatId,
    byUserId: context.user,
    change,
    log: log === undefined ? null : await sealLog(context.services, chatId, [log]),
  })
  return chatUpdates(context, chatId, reply, service)
}

/** Null where nothing changes: the actor says so, to those who may change it. */
async function profileWith(context: CallContext, { facts }: Reached, change: Partial<ChatProfile>) {
  const changed = Object.entries(change) as [keyof ChatProfile, unknown][]
  if (changed.every(([field, value]) => isSame(facts.profile[field], value))) return null
  return sealChatProfile(context.services, facts.chatId, { ...facts.profile, ...change })
}

const isSame = (one: unknown, other: unknown): boolean => (one ?? null) === (other ?? null)

async function editTitle(context: CallContext, reached: Reached, wanted: string) {
  const title = requireTitle(wanted)
  const prevValue = reached.facts.profile.title
  const profile = await profileWith(context, reached, { title })
  const log: LogAction = { _: 'channelAdminLogEventActionChangeTitle', prevValue, newValue: title }
  return editChat(context, reached, 'title', { profile }, log, { _: 'messageActionChatEditTitle', title })
}

export const editChatTitle: Handler<'messages.editChatTitle'> = async (call, context) =>
  editTitle(context, await reachGroup(context, call.chatId), call.title)

export const editChannelTitle: Handler<'channels.editTitle'> = async (call, context) =>
  editTitle(context, await reachChannel(context, call.channel), call.title)

export const editChatAbout: Handler<'messages.editChatAbout'> = async (call, context) => {
  const about = requireChatAbout(call.about)
  const reached = await reachPeer(context, call.peer)
  const prevValue = reached.facts.profile.about
  const profile = await profileWith(context, reached, { about })
  const log: LogAction = { _: 'channelAdminLogEventActionChangeAbout', prevValue, newValue: about }
  await editChat(context, reached, 'about', { profile }, log)
  return true
}

async function editPhoto(context: CallContext, reached: Reached, input: TlType<'InputChatPhoto'>) {
  const photo = await chatPhotoOf(context, input)
  const before = reached.facts.photo
  const bytes = photo === undefined ? null : Buffer.from(encodeObject(photo))
  const profile = await profileWith(context, reached, { photo: bytes })
  const log: LogAction = {
    _: 'channelAdminLogEventActionChangePhoto',
    prevPhoto: before ?? NO_PHOTO,
    newPhoto: photo ?? NO_PHOTO,
  }
  const files = photo === undefined ? [] : [photo.id]
  const action: TlType<'MessageAction'> =
    photo === undefined ? { _: 'messageActionChatDeletePhoto' } : { _: 'messageActionChatEditPhoto', photo }
  return editChat(context, reached, 'photo', { profile, files }, log, action)
}

const NO_PHOTO: TlType<'Photo'> = { _: 'photoEmpty', id: 0n }

export const editChatPhoto: Handler<'messages.editChatPhoto'> = async (call, context) =>
  editPhoto(context, await reachGroup(context, call.chatId), call.photo)

export const editChannelPhoto: Handler<'channels.editPhoto'> = async (call, context) =>
  editPhoto(context, await reachChannel(context, call.channel), call.photo)
