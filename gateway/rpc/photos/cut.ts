import { RpcError, type Tl } from '@heliograph/schemas/tl'
import { readContent } from '@heliograph/storage'
import type { CallContext } from '../handler.ts'
import { findFile } from '../upload/documents.ts'
import { photoOfBytes } from '../upload/photo.ts'

/** The least of the squares in which profiles and chats are shown (core.telegram.org/api/files#image-thumbnail-types). */
const SQUARE_TYPE = 'a'

/**
 * A photo as profiles and chats show it, in squares: one that was made for a message is cut anew, as a photo of its own.
 * 400 `error` where its bytes are gone; errors of the picture as `photoOfBytes`.
 */
export async function cutForProfile(
  context: CallContext,
  photo: Tl<'photo'>,
  error: string,
): Promise<Tl<'photo'>> {
  if (photo.sizes.some((size) => size._ === 'photoSize' && size.type === SQUARE_TYPE)) return photo
  const file = await findFile(context.services, photo.id)
  const largest = file && [...file.sizes.values()].at(-1)
  if (largest === undefined) throw new RpcError(400, error)
  const { blob, start, length } = largest
  const bytes = await readContent(context.services.blobs, blob, start, start + length)
  if (bytes === undefined) throw new RpcError(400, error)
  return photoOfBytes(context, bytes, 'profile')
}
