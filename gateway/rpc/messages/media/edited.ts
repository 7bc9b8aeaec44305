import { decodeObject, encodeObject, RpcError, type TlType } from '@heliograph/schemas/tl'
import type { CallContext } from '../../handler.ts'
import { movedLocation } from '../../locations/live.ts'
import { editedList, listIn, withList } from '../../todo/list.ts'
import type { Content } from '../content.ts'
import { type FileMedia, fileMedia, isFileInput } from './file-media.ts'

type MediaBytes = Content['media']

/**
 * The media that an edited message has: another photo or document in the place of one (or of none), otherwise as before. In
 * an album a picture stays a picture and a file a file.
 * @param sentAt when it was sent, Unix seconds
 * @throws RpcError 400 MEDIA_NEW_INVALID, MEDIA_PREV_INVALID, MEDIA_GROUPED_INVALID
 */
export async function editedMedia(
  context: CallContext,
  input: TlType<'InputMedia'> | undefined,
  before: Content,
  sentAt: number,
): Promise<MediaBytes> {
  if (input === undefined || input._ === 'inputMediaEmpty' || input._ === 'inputMediaWebPage')
    return before.media
  if (input._ === 'inputMediaGeoLive') return movedLocation(input, before.media, sentAt, context.now)
  if (input._ === 'inputMediaTodo') return withList(before, editedList(context, input, listIn(before))).media
  if (!isFileInput(input)) throw new RpcError(400, 'MEDIA_NEW_INVALID')
  const old = before.media === null ? undefined : (decodeObject(before.media) as TlType<'MessageMedia'>)
  if (
    old !== undefined &&
    old._ !== 'messageMediaPhoto' &&
    old._ !== 'messageMediaDocument' &&
    old._ !== 'messageMediaWebPage'
  )
    throw new RpcError(400, 'MEDIA_PREV_INVALID')
  const media = await fileMedia(context, input)
  if (
    before.groupedId !== null &&
    old !== undefined &&
    old._ !== 'messageMediaWebPage' &&
    albumKind(old) !== albumKind(media)
  )
    throw new RpcError(400, 'MEDIA_GROUPED_INVALID')
  const bytes = Buffer.from(encodeObject(media))
  return before.media?.equals(bytes) === true ? before.media : bytes
}

/** What may stand together in an album: pictures and videos, music, or plain files. */
export function albumKind(media: FileMedia): 'visual' | 'audio' | 'file' | undefined {
  if (media._ === 'messageMediaPhoto') return 'visual'
  const { document } = media
  if (document?._ !== 'document') return undefined
  const has = (name: string) => document.attributes.some((each) => each._ === name)
  if (has('documentAttributeAnimated') || has('documentAttributeSticker')) return undefined
  if (has('documentAttributeVideo')) return 'visual'
  return has('documentAttributeAudio') ? 'audio' : 'file'
}
