import type { TlType } from '@heliograph/schemas/tl'

/** The small form of a chat's photo. */
export function chatPhoto(photo: TlType<'Photo'> | undefined, dataCentreId: number): TlType<'ChatPhoto'> {
  if (photo === undefined || photo._ !== 'photo') return { _: 'chatPhotoEmpty' }
  const stripped = photo.sizes.find((size) => size._ === 'photoStrippedSize')
  return {
    _: 'chatPhoto',
    photoId: photo.id,
    dcId: dataCentreId,
    ...(photo.videoSizes !== undefined && { hasVideo: true }),
    ...(stripped?._ === 'photoStrippedSize' && { strippedThumb: stripped.bytes }),
  }
}
