import type { PeerId, UserId } from '@heliograph/schemas/avro'
import { encodeObject, RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import { putContacts } from '../contacts/book.ts'
import type { CallContext, Handler } from '../handler.ts'
import { textContent } from '../messages/content.ts'
import { send } from '../messages/send/send.ts'
import { inputUserId } from '../peers.ts'
import { requireMayWrite } from '../privacy/ask.ts'
import { renderUsers } from '../render/user.ts'
import { stamped } from '../upload/stamp.ts'
import { addPhoto, albumOf, removePhotos } from './album.ts'
import { profilePhoto } from './moving.ts'
import { personalAlbum } from './owner.ts'

const RANDOM_ID_BYTES = 8

/**
 * `photos.uploadContactProfilePhoto`: a picture for a contact: `suggest` proposes it to the contact, by a message, `save` shows it in
 * place of the contact's own, to the caller alone; `save` without any shows the contact's own again. Errors as `profilePhoto`.
 */
export const uploadContactProfilePhoto: Handler<'photos.uploadContactProfilePhoto'> = async (
  call,
  context,
) => {
  const { services, user, now } = context
  const id = inputUserId(call.userId, context)
  if (id === user) throw new RpcError(400, 'USER_ID_INVALID')
  const isGiven = [call.file, call.video, call.videoEmojiMarkup].some((each) => each !== undefined)
  if (!call.suggest && !call.save) throw new RpcError(400, 'NEED_ACTION_MISSING')
  if (call.suggest && !isGiven) throw new RpcError(400, 'PHOTO_FILE_MISSING')
  await requireContact(context, id)
  if (call.suggest) await requireMayWrite(services, user, id)
  const photo = isGiven ? await profilePhoto(context, call) : undefined
  if (call.save) await show(context, id, photo)
  if (call.suggest && photo !== undefined) await suggest(context, id, photo)
  const answered: TlType<'Photo'> =
    photo === undefined ? { _: 'photoEmpty', id: 0n } : stamped(services, user, photo)
  const users = await renderUsers(services.directory, user, [id], now)
  return { _: 'photos.photo', photo: answered, users }
}

async function requireContact({ services, user }: CallContext, id: UserId): Promise<void> {
  const [view] = await services.directory.views(user, [id])
  if (view?.facts === undefined || view.facts.deleted) throw new RpcError(400, 'USER_ID_INVALID')
  if (view.relation.card === undefined) throw new RpcError(400, 'CONTACT_MISSING')
}

/** The new picture is held before it is shown, the former one until then. */
async function show(context: CallContext, id: UserId, photo: Tl<'photo'> | undefined): Promise<void> {
  const album = personalAlbum(context.user, id)
  const before = await albumOf(context, album)
  if (photo !== undefined) await addPhoto(context, album, photo.id)
  const [view] = await context.services.directory.views(context.user, [id])
  const { firstName, lastName, phone, note } = view!.relation.card!
  const encoded = photo === undefined ? null : Buffer.from(encodeObject(photo))
  await putContacts(context, [{ id, firstName, lastName, phone, note, photo: encoded }])
  await removePhotos(context, album, before)
}

async function suggest(context: CallContext, id: UserId, photo: Tl<'photo'>): Promise<void> {
  const action = Buffer.from(encodeObject({ _: 'messageActionSuggestProfilePhoto', photo }))
  const randomId = context.services.random(RANDOM_ID_BYTES).readBigInt64LE()
  await send(context, id as number as PeerId, { randomId }, { ...textContent(''), action })
}
