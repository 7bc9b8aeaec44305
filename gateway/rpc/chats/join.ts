import type { ChatId, ChatInvite } from '@heliograph/schemas/avro'
import { numberOfChat, peerIdOfChat } from '@heliograph/schemas/avro'
import { RpcError, rpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import { chatScope } from '@heliograph/storage'
import type { ChatView } from '../directory/chats.ts'
import type { CallContext, Handler } from '../handler.ts'
import { isShutOut, renderChat } from '../render/chat.ts'
import { renderUsers } from '../render/user.ts'
import { stamped } from '../upload/stamp.ts'
import { findInvite, hashOfLink, isSpent, renderInvite } from './invite-links.ts'
import { requireRoom } from './lists.ts'
import { membersBeside } from './participants-update.ts'
import { type Reached, reachChannel } from './reach.ts'
import { type LogAction, sealLog } from './sealed.ts'
import { askChat, chatUpdates, NO_SERVICE, serviceOf } from './told.ts'

/** Members that an invitation shows. */
const SHOWN_MEMBERS = 5
const COLOURS = 7

interface Invitation {
  readonly invite: ChatInvite
  readonly chatId: ChatId
  readonly view: ChatView & { readonly facts: Reached['facts'] }
}

/** @throws RpcError INVITE_HASH_EMPTY, INVITE_HASH_INVALID (no such link), INVITE_HASH_EXPIRED */
async function invitation(context: CallContext, link: string): Promise<Invitation> {
  if (link === '') throw new RpcError(400, 'INVITE_HASH_EMPTY')
  const hash = hashOfLink(link)
  const found = hash === undefined ? undefined : await findInvite(context.services, hash)
  if (found === undefined) throw new RpcError(400, 'INVITE_HASH_INVALID')
  const { chatId, ...invite } = found
  const view = await context.services.chats.view(context.user, chatId)
  const { facts } = view
  const isGone = facts === undefined || facts.flags.has('deactivated')
  const isIn = view.member?.isIn === true
  if (isGone || (!isIn && isSpent(invite, context.now))) throw rpcError('INVITE_HASH_EXPIRED')
  return { invite, chatId, view: { ...view, facts } }
}

export const checkChatInvite: Handler<'messages.checkChatInvite'> = async (call, context) => {
  const { invite, chatId, view } = await invitation(context, call.hash)
  const { services, user, now } = context
  if (view.member?.isIn === true) {
    const chat = renderChat(services, user, peerIdOfChat(chatId), view, now)
    return { _: 'chatInviteAlready', chat }
  }
  if (isShutOut(view.facts, view.member, now)) throw rpcError('INVITE_HASH_EXPIRED')
  return preview(context, view.facts, invite)
}

async function preview(context: CallContext, facts: Reached['facts'], invite: ChatInvite) {
  const { services, user, now } = context
  const { profile, kind, photo } = facts
  const shown = facts.kind === 'group' ? facts.members.slice(0, SHOWN_MEMBERS) : []
  return {
    _: 'chatInvite',
    ...(kind !== 'group' && { channel: true }),
    ...(kind === 'broadcast' && { broadcast: true }),
    ...(kind === 'supergroup' && { megagroup: true }),
    ...(facts.username !== undefined && { public: true }),
    ...(invite.requestNeeded && { requestNeeded: true }),
    title: profile.title,
    ...(profile.about !== '' && { about: profile.about }),
    photo: photo === undefined ? { _: 'photoEmpty', id: 0n } : stamped(services, user, photo),
    participantsCount: facts.participants,
    ...(shown.length > 0 && { participants: await renderUsers(services.directory, user, shown, now) }),
    color: numberOfChat(facts.chatId) % COLOURS,
  } as const satisfies Tl<'chatInvite'>
}

export const importChatInvite: Handler<'messages.importChatInvite'> = async (call, context) => {
  const { invite, chatId, view } = await invitation(context, call.hash)
  if (view.member?.isIn === true) throw new RpcError(400, 'USER_ALREADY_PARTICIPANT')
  const key = await context.services.keyring.find(chatScope(chatId))
  const log: LogAction = {
    _: 'channelAdminLogEventActionParticipantJoinByInvite',
    invite: renderInvite(chatId, key, invite),
  }
  const action = { _: 'messageActionChatJoinedByLink', inviterId: invite.adminId } as const
  return join(context, view.facts, invite, log, action)
}

export const joinChannel: Handler<'channels.joinChannel'> = async (call, context) => {
  const { facts, isIn } = await reachChannel(context, call.channel)
  if (isIn) throw new RpcError(400, 'USER_ALREADY_PARTICIPANT')
  const log: LogAction = { _: 'channelAdminLogEventActionParticipantJoin' }
  return join(context, facts, undefined, log, { _: 'messageActionChatAddUser', users: [context.user] })
}

async function join(
  context: CallContext,
  { chatId, kind }: Reached['facts'],
  invite: ChatInvite | undefined,
  log: LogAction,
  action: TlType<'MessageAction'>,
): Promise<Tl<'messages.chatInviteJoinResultOk'>> {
  const { services, user } = context
  await requireRoom(context)
  const service = kind === 'broadcast' ? undefined : await serviceOf(context, chatId, action)
  const reply = await askChat(context, {
    type: 'JoinChat',
    chatId,
    userId: user,
    invite: invite?.hash ?? null,
    ...(service?.fields ?? NO_SERVICE),
    log: kind === 'group' ? null : await sealLog(services, chatId, [log]),
  })
  const inviter = invite === undefined ? [] : [invite.adminId]
  const beside = await membersBeside(context, chatId, [user, ...inviter])
  const updates = await chatUpdates(context, chatId, reply, service, beside)
  return { _: 'messages.chatInviteJoinResultOk', updates }
}
