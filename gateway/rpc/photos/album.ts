import type { AlbumEntry, UserId } from '@heliograph/schemas/avro'
import { MAX_ALBUM_PHOTOS } from '@heliograph/schemas/avro'
import { encodeObject, RpcError, type Tl } from '@heliograph/schemas/tl'
import { albumPhotos } from '@heliograph/storage'
import { changeProfile } from '../account/own-profile.ts'
import type { CallContext } from '../handler.ts'
import { findFile } from '../upload/documents.ts'

export type PhotoSlot = 'photo' | 'fallbackPhoto'

/** A user's photos; a fallback photo is an album of its own. */
export const ownerOf = (user: UserId, slot: PhotoSlot): string =>
  slot === 'photo' ? `user:${user}` : `user:${user}:fallback`

/** The photos of an album, the newest first. */
export async function albumOf({ services }: CallContext, owner: string): Promise<AlbumEntry[]> {
  const range = { descending: true, limit: MAX_ALBUM_PHOTOS + 1 }
  const rows = await services.tables.range(albumPhotos, { owner }, range)
  return rows.map(({ place, photoId }) => ({ place: place!, photoId: photoId! }))
}

/** Adds a photo, durably; 400 ALBUM_PHOTOS_TOO_MANY. */
export async function addPhoto(context: CallContext, owner: string, photoId: bigint): Promise<void> {
  if ((await albumOf(context, owner)).length >= MAX_ALBUM_PHOTOS)
    throw new RpcError(400, 'ALBUM_PHOTOS_TOO_MANY')
  const command = { type: 'AddAlbumPhoto', owner, photoId } as const
  await context.services.commands.ask('media.commands', `album:${owner}`, command, context.caller)
}

export async function removePhotos(
  context: CallContext,
  owner: string,
  entries: AlbumEntry[],
): Promise<void> {
  if (entries.length === 0) return
  const command = { type: 'RemoveAlbumPhotos', owner, entries } as const
  await context.services.commands.ask('media.commands', `album:${owner}`, command, context.caller)
}

/** Shows a photo on the caller's profile, or none. */
export async function showPhoto(
  context: CallContext,
  slot: PhotoSlot,
  photo: Tl<'photo'> | undefined,
): Promise<void> {
  await changeProfile(context, { [slot]: photo === undefined ? null : Buffer.from(encodeObject(photo)) })
}

/** A photo by its id; undefined where it is gone. */
export async function photoById({ services }: CallContext, id: bigint): Promise<Tl<'photo'> | undefined> {
  const value = (await findFile(services, id))?.value
  return value?._ === 'photo' ? value : undefined
}
