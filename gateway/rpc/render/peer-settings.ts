import type { UserId } from '@heliograph/schemas/avro'
import type { Tl } from '@heliograph/schemas/tl'
import type { UserView } from '../directory/directory.ts'
import { SERVICE_USER_ID } from '../directory/service-user.ts'

/** What a client offers above a private chat: adding or blocking somebody who is no contact. */
export function peerSettings(
  viewer: UserId,
  id: UserId,
  view: UserView,
  isBlocked: boolean,
): Tl<'peerSettings'> {
  const isStranger = id !== viewer && id !== SERVICE_USER_ID && view.relation.card === undefined
  if (!isStranger) return { _: 'peerSettings' }
  return { _: 'peerSettings', addContact: true, ...(!isBlocked && { blockContact: true, reportSpam: true }) }
}
