import {
  type ChatFlag,
  type ChatId,
  type ChatProfile,
  channelChatId,
  GROUP_ID_LIMIT,
  type GroupKind,
  groupChatId,
  MAX_CHANNEL_ID,
  MAX_GROUP_MEMBERS,
  type PeerId,
  type Reply,
  type UserId,
} from '@heliograph/schemas/avro'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import { emptyProfile, sealChatProfile } from '../directory/chat-facts.ts'
import type { CallContext, Handler } from '../handler.ts'
import { inputUserId } from '../peers.ts'
import { sortInvitees } from './invitees.ts'
import { requireRoom } from './lists.ts'
import { requireChatAbout, requireTitle, requireTtl } from './names.ts'
import { participantsUpdate } from './participants-update.ts'
import { askChat, chatUpdates, type Service, serviceOf } from './told.ts'
import { untilShown } from './until-shown.ts'

const LOWEST_ID = 1_000_000_000
/** Numbers drawn for one new chat: that one is taken hardly ever happens, and never often. */
const MAX_DRAWS = 5
const ID_BYTES = 6

interface NewChat {
  readonly kind: GroupKind
  readonly profile: ChatProfile
  readonly flags: ChatFlag[]
  readonly ttlSeconds: number
  readonly memberIds: UserId[]
  readonly action: TlType<'MessageAction'>
}
interface Created {
  readonly chatId: ChatId
  readonly reply: Reply
  readonly service: Service
}

export const createChat: Handler<'messages.createChat'> = async (call, context) => {
  const title = requireTitle(call.title)
  const ttlSeconds = requireTtl(call.ttlPeriod)
  const wanted = [...new Set(call.users.map((input) => inputUserId(input, context)))]
  const others = wanted.filter((id) => id !== context.user)
  if (others.length >= MAX_GROUP_MEMBERS) throw new RpcError(400, 'USERS_TOO_MUCH')
  const { welcome, missing } = await sortInvitees(context, others)
  const created = await create(context, {
    kind: 'group',
    profile: emptyProfile(title),
    flags: [],
    ttlSeconds,
    memberIds: welcome,
    action: { _: 'messageActionChatCreate', title, users: [context.user, ...welcome] },
  })
  const updates = await chatUpdates(context, created.chatId, created.reply, created.service, {
    updates: await participantsUpdate(context, created.chatId),
    peers: [...welcome, ...missing.map(({ userId }) => userId)] as number[] as PeerId[],
  })
  return { _: 'messages.invitedUsers', updates, missingInvitees: missing }
}

export const createChannel: Handler<'channels.createChannel'> = async (call, context) => {
  const title = requireTitle(call.title)
  const about = requireChatAbout(call.about)
  if (call.geoPoint !== undefined) throw new RpcError(400, 'ADDRESS_INVALID')
  const isForum = call.forum === true && call.broadcast !== true
  const created = await create(context, {
    kind: call.broadcast === true ? 'broadcast' : 'supergroup',
    profile: emptyProfile(title, about),
    flags: isForum ? ['forum'] : [],
    ttlSeconds: requireTtl(call.ttlPeriod),
    memberIds: [],
    action: { _: 'messageActionChannelCreate', title },
  })
  return chatUpdates(context, created.chatId, created.reply, created.service)
}

/** Draws numbers until one is free: 500 CHAT_ID_GENERATE_FAILED after some. */
async function create(context: CallContext, chat: NewChat): Promise<Created> {
  await requireRoom(context)
  for (let draw = 0; draw < MAX_DRAWS; draw++) {
    try {
      return await createAs(context, drawChatId(context, chat.kind), chat)
    } catch (error) {
      if (!(error instanceof RpcError && error.errorMessage === 'CHAT_ID_TAKEN')) throw error
    }
  }
  throw new RpcError(500, 'CHAT_ID_GENERATE_FAILED')
}

async function createAs(context: CallContext, chatId: ChatId, chat: NewChat): Promise<Created> {
  const [profile, service] = await Promise.all([
    sealChatProfile(context.services, chatId, chat.profile),
    serviceOf(context, chatId, chat.action),
  ])
  const { kind, flags, ttlSeconds, memberIds } = chat
  const reply = await askChat(context, {
    type: 'CreateChat',
    chatId,
    creatorId: context.user,
    kind,
    profile,
    flags,
    ttlSeconds,
    memberIds,
    migratedFrom: null,
    migratedMaxSeq: 0,
    ...service.fields,
  })
  await untilShown(context.services.chats, chatId)
  return { chatId, reply, service }
}

/** A number for a new chat that is not taken, most likely. */
export function drawChatId({ services }: Pick<CallContext, 'services'>, kind: GroupKind): ChatId {
  const drawn = Buffer.from(services.random(ID_BYTES)).readUIntLE(0, ID_BYTES)
  const end = kind === 'group' ? GROUP_ID_LIMIT : MAX_CHANNEL_ID
  const id = LOWEST_ID + (drawn % (end - LOWEST_ID))
  return kind === 'group' ? groupChatId(id) : channelChatId(id)
}
