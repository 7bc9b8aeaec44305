import type { UserId } from '@heliograph/schemas/avro'
import type { Tl } from '@heliograph/schemas/tl'
import { blocked, contacts } from '@heliograph/storage'
import type { Handler } from '../../handler.ts'
import { inputPeerId } from '../../peers.ts'
import type { Draft } from '../../render/message.ts'
import { renderUsers } from '../../render/user.ts'
import { namedIn } from '../answers.ts'
import { dialogOf } from '../mailbox/history.ts'

/** `messages.getPeerSettings`: what a client offers on top of a chat with somebody who is no contact. */
export const getPeerSettings: Handler<'messages.getPeerSettings'> = async (call, context) => {
  const { services, user, now } = context
  const peerId = inputPeerId(call.peer, context)
  if (peerId < 0) {
    const named = await namedIn(context, [], [peerId])
    return { _: 'messages.peerSettings', settings: { _: 'peerSettings' }, ...named }
  }
  const peer = peerId as number as UserId
  const settings: Draft<Tl<'peerSettings'>> = { _: 'peerSettings' }
  if (peer !== user) {
    const { tables } = services
    const [contact, block, dialog] = await Promise.all([
      tables.get(contacts, { userId: user, contactId: peer }),
      tables.get(blocked, { userId: user, peerId: peer }),
      dialogOf({ tables, userId: user, peerId: peer as number as never }),
    ])
    const isStranger = contact === undefined && dialog !== undefined
    if (isStranger) settings.addContact = true
    if (isStranger && block === undefined) settings.blockContact = true
  }
  const users = await renderUsers(services.directory, user, [peer], now)
  return { _: 'messages.peerSettings', settings, chats: [], users }
}
