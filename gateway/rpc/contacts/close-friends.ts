import type { UserId } from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import type { Handler } from '../handler.ts'
import { changePrivacy } from '../privacy/change.ts'
import { contactIds } from './book.ts'

export const MAX_CLOSE_FRIENDS = 1_000

/** Makes the given contacts the close friends, in the place of the former ones; others than contacts are left out. */
export const editCloseFriends: Handler<'contacts.editCloseFriends'> = async (call, context) => {
  if (call.id.length > MAX_CLOSE_FRIENDS) throw new RpcError(400, 'LIMIT_INVALID')
  const known = new Set(await contactIds(context))
  const closeFriends = new Set(call.id.filter((id) => known.has(id as UserId)))
  await changePrivacy(context, 'close-friends', (privacy) => ({ ...privacy, closeFriends }))
  return true
}
