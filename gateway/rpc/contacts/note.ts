import { RpcError } from '@heliograph/schemas/tl'
import type { Handler } from '../handler.ts'
import { inputUserId } from '../peers.ts'
import { putContacts } from './book.ts'

export const MAX_NOTE_LENGTH = 128

/** Remarks on a contact that its owner alone sees; an empty text takes it away. Its formatting is not kept. */
export const updateContactNote: Handler<'contacts.updateContactNote'> = async (call, context) => {
  const { services, user } = context
  const id = inputUserId(call.id, context, 'CONTACT_ID_INVALID')
  const [view] = await services.directory.views(user, [id])
  const card = view?.relation.card
  if (card === undefined) throw new RpcError(400, 'CONTACT_ID_INVALID')
  const { firstName, lastName, phone } = card
  await putContacts(context, [{ id, firstName, lastName, phone, note: noteOf(call.note.text) }])
  return true
}

/** A note as it is kept. */
export function noteOf(text: string): string | null {
  const note = text.trim().slice(0, MAX_NOTE_LENGTH)
  return note === '' ? null : note
}
