import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { CallContext } from '../handler.ts'
import { namedPhoto } from '../messages/media/file-media.ts'
import { cutForProfile } from './cut.ts'
import { profilePhoto } from './moving.ts'

/**
 * The photo that a client gives a group or channel, kept and ready to stand in its profile (without access hash and file
 * reference: `stamped` adds them for each viewer); undefined to take the photo away. Whoever stores it has the media actor
 * told that the chat holds `photo.id` (`holdDocuments` with `chatHolder`).
 * @throws RpcError 400 PHOTO_INVALID, VIDEO_FILE_INVALID, EMOJI_MARKUP_INVALID, PHOTO_CROP_SIZE_SMALL, FILE_PARTS_INVALID, IMAGE_PROCESS_FAILED, PHOTO_EXT_INVALID
 */
export async function chatPhotoOf(
  context: CallContext,
  input: TlType<'InputChatPhoto'>,
): Promise<Tl<'photo'> | undefined> {
  switch (input._) {
    case 'inputChatPhotoEmpty':
      return undefined
    case 'inputChatPhoto':
      return cutForProfile(
        context,
        await namedPhoto(context, input.id, undefined, 'PHOTO_INVALID'),
        'PHOTO_INVALID',
      )
    case 'inputChatUploadedPhoto':
      if (input.file === undefined && input.video === undefined && input.videoEmojiMarkup === undefined)
        throw new RpcError(400, 'PHOTO_INVALID')
      return profilePhoto(context, input)
  }
}
