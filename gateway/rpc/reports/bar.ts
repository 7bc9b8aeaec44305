import { chatIdOf, type PeerId, type UserId } from '@heliograph/schemas/avro'
import type { Tl } from '@heliograph/schemas/tl'
import { blocked, contacts } from '@heliograph/storage'
import { rightsOf } from '../chats/reach.ts'
import { SERVICE_USER_ID } from '../directory/service-user.ts'
import type { CallContext, Handler } from '../handler.ts'
import { namedIn } from '../messages/answers.ts'
import { dialogOf } from '../messages/mailbox/history.ts'
import { openMailbox } from '../messages/mailbox/open.ts'
import { inputPeerId } from '../peers.ts'
import { readSetting, writeSetting } from '../settings.ts'

const PREFIX = 'bar-hidden:'
const HIDDEN = Buffer.from([1])
const NOTHING: Tl<'peerSettings'> = { _: 'peerSettings' }

/** Whether the caller has put away what its client offers on top of a chat. */
export async function isBarHidden(
  { services, user }: Pick<CallContext, 'services' | 'user'>,
  peerId: PeerId,
): Promise<boolean> {
  return (await readSetting(services, user, PREFIX + peerId)) !== undefined
}

/** Puts it away for good. */
export async function hideBar(context: CallContext, peerId: PeerId): Promise<void> {
  if (!(await isBarHidden(context, peerId))) await writeSetting(context, PREFIX + peerId, HIDDEN)
}

export const hidePeerSettingsBar: Handler<'messages.hidePeerSettingsBar'> = async (call, context) => {
  await hideBar(context, inputPeerId(call.peer, context))
  return true
}

/** `messages.getPeerSettings`: what a client offers on top of a chat with a stranger, or into which a stranger has brought one. */
export const getPeerSettings: Handler<'messages.getPeerSettings'> = async (call, context) => {
  const peerId = inputPeerId(call.peer, context)
  await openMailbox(context, peerId)
  const [hidden, named] = await Promise.all([isBarHidden(context, peerId), namedIn(context, [], [peerId])])
  const settings = hidden ? NOTHING : await (peerId > 0 ? ofUser : ofChat)(context, peerId)
  return { _: 'messages.peerSettings', settings, ...named }
}

async function ofUser({ services, user }: CallContext, peerId: PeerId): Promise<Tl<'peerSettings'>> {
  if (peerId === (user as number) || peerId === (SERVICE_USER_ID as number)) return NOTHING
  const { tables } = services
  const [contact, block, dialog] = await Promise.all([
    tables.get(contacts, { userId: user, contactId: peerId }),
    tables.get(blocked, { userId: user, peerId }),
    dialogOf({ tables, userId: user, peerId }),
  ])
  if (contact !== undefined || dialog === undefined) return NOTHING
  if (block !== undefined) return { _: 'peerSettings', addContact: true }
  return { _: 'peerSettings', addContact: true, blockContact: true, reportSpam: true }
}

/** A member without any rights who was brought in by somebody that it does not know. */
async function ofChat({ services, user }: CallContext, peerId: PeerId): Promise<Tl<'peerSettings'>> {
  const { member } = await services.chats.view(user, chatIdOf(user, peerId))
  if (member?.isIn !== true || rightsOf({ member, isIn: true }) !== 0) return NOTHING
  const { inviterId } = member
  if ((inviterId as number) === 0 || inviterId === user) return NOTHING
  const contact = await services.tables.get(contacts, { userId: user, contactId: inviterId as UserId })
  return contact === undefined ? { _: 'peerSettings', reportSpam: true } : NOTHING
}
