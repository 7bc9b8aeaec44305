import { RpcError, type TlType } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../handler.ts'
import { inputUserId } from '../peers.ts'
import { renderUsers, shownPhoto } from '../render/user.ts'
import { stamped } from '../upload/stamp.ts'
import { albumOf, ownerOf, photoById } from './album.ts'

const MAX_PHOTOS = 100

/** `photos.getUserPhotos`: the pictures of a profile, the newest first, as far as the user lets the caller see them. */
export const getUserPhotos: Handler<'photos.getUserPhotos'> = async (call, context) => {
  const { services, user, now } = context
  const id = inputUserId(call.userId, context)
  if (call.maxId < 0n) throw new RpcError(400, 'MAX_ID_INVALID')
  const [view] = await services.directory.views(user, [id])
  const shown = view && shownPhoto(view, user)
  const isHidden =
    shown === undefined || (view?.facts?.photo?.id !== undefined && shown.id !== view.facts.photo.id)
  const all = isHidden ? [] : await photosOf(context, ownerOf(id, 'photo'))
  const visible = isHidden && shown !== undefined ? [shown] : all
  const from =
    call.maxId === 0n
      ? 0
      : Math.max(
          0,
          visible.findIndex((photo) => photo.id === call.maxId),
        )
  const offset = Math.max(0, from + call.offset)
  const limit = call.limit > 0 ? Math.min(call.limit, MAX_PHOTOS) : MAX_PHOTOS
  const photos = visible.slice(offset, offset + limit).map((photo) => stamped(services, user, photo))
  const users = await renderUsers(services.directory, user, [id], now)
  if (photos.length === visible.length) return { _: 'photos.photos', photos, users }
  return { _: 'photos.photosSlice', count: visible.length, photos, users }
}

async function photosOf(context: CallContext, owner: string): Promise<TlType<'Photo'>[]> {
  const album = await albumOf(context, owner)
  const photos = await Promise.all(album.map(({ photoId }) => photoById(context, photoId)))
  return photos.filter((photo) => photo !== undefined)
}
