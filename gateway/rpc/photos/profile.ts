import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import { self } from '../account/profile.ts'
import type { CallContext, Handler } from '../handler.ts'
import { namedPhoto } from '../messages/media/file-media.ts'
import { stamped } from '../upload/stamp.ts'
import { addPhoto, albumOf, ownerOf, type PhotoSlot, photoById, removePhotos, showPhoto } from './album.ts'
import { cutForProfile } from './cut.ts'
import { profilePhoto } from './moving.ts'

const slotOf = (fallback: boolean | undefined): PhotoSlot => (fallback === true ? 'fallbackPhoto' : 'photo')

/** `photos.uploadProfilePhoto`: a new picture, which may move and is shown from now on; errors as `profilePhoto`. */
export const uploadProfilePhoto: Handler<'photos.uploadProfilePhoto'> = async (call, context) => {
  if (call.bot !== undefined) throw new RpcError(400, 'BOT_INVALID')
  const photo = await profilePhoto(context, call)
  await makeCurrent(context, slotOf(call.fallback), photo)
  return answer(context, photo)
}

/** `photos.updateProfilePhoto`: a picture of before is shown again, or the present one is taken away. */
export const updateProfilePhoto: Handler<'photos.updateProfilePhoto'> = async (call, context) => {
  if (call.bot !== undefined) throw new RpcError(400, 'LOCATION_INVALID')
  const slot = slotOf(call.fallback)
  if (call.id._ === 'inputPhotoEmpty') {
    const [current] = await albumOf(context, ownerOf(context.user, slot))
    if (current !== undefined) await removeFrom(context, slot, [current.photoId])
    return answer(context, { _: 'photoEmpty', id: 0n })
  }
  const named = await namedPhoto(context, call.id, undefined, 'PHOTO_ID_INVALID')
  const photo = await cutForProfile(context, named, 'PHOTO_ID_INVALID')
  await makeCurrent(context, slot, photo)
  return answer(context, photo)
}

/** The newest of an album is the one that is shown. */
async function makeCurrent(context: CallContext, slot: PhotoSlot, photo: Tl<'photo'>): Promise<void> {
  const owner = ownerOf(context.user, slot)
  const before = await albumOf(context, owner)
  const again = before.filter(({ photoId }) => photoId === photo.id || slot === 'fallbackPhoto')
  if (before[0]?.photoId !== photo.id) await addPhoto(context, owner, photo.id)
  if (before[0]?.photoId !== photo.id) await removePhotos(context, owner, again)
  await showPhoto(context, slot, photo)
}

async function removeFrom(context: CallContext, slot: PhotoSlot, ids: readonly bigint[]): Promise<bigint[]> {
  const owner = ownerOf(context.user, slot)
  const album = await albumOf(context, owner)
  const gone = album.filter(({ photoId }) => ids.includes(photoId))
  if (gone.length === 0) return []
  const left = album.filter(({ photoId }) => !ids.includes(photoId))
  const isShown = gone.some(({ photoId }) => photoId === album[0]?.photoId)
  if (isShown) await showPhoto(context, slot, left[0] && (await photoById(context, left[0].photoId)))
  await removePhotos(context, owner, gone)
  return [...new Set(gone.map(({ photoId }) => photoId))]
}

/** `photos.deletePhotos`: pictures of the caller's profile; those that are not there are passed over. */
export const deletePhotos: Handler<'photos.deletePhotos'> = async (call, context) => {
  const ids = call.id.flatMap((input) => (input._ === 'inputPhoto' ? [input.id] : []))
  const gone = await removeFrom(context, 'photo', ids)
  return [...gone, ...(await removeFrom(context, 'fallbackPhoto', ids))]
}

async function answer(context: CallContext, photo: TlType<'Photo'>): Promise<Tl<'photos.photo'>> {
  const { services, user } = context
  return { _: 'photos.photo', photo: stamped(services, user, photo), users: [await self(context)] }
}
