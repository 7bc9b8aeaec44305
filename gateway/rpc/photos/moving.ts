import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import { readContent } from '@heliograph/storage'
import type { DerivedImage } from '../../media/derivatives.ts'
import type { CallContext } from '../handler.ts'
import { attributeOf, documentBytes } from '../stickers/files.ts'
import { MAX_STICKER_BYTES } from '../stickers/limits.ts'
import { publishedSet, stickerIds } from '../stickers/sticker-set.ts'
import { derivativesOf } from '../upload/derivatives.ts'
import { findFile, type KnownFile } from '../upload/documents.ts'
import { MAX_PHOTO_BYTES } from '../upload/limits.ts'
import {
  finishedPhoto,
  type MovingPart,
  photoOfImage,
  requireProfileSides,
  uploadedPhoto,
} from '../upload/photo.ts'
import { type UploadedFile, uploadedFile, wholeFile } from '../upload/uploaded.ts'

/** A profile's video as uploaded; what is kept of it is made anew, and much smaller. */
const MAX_VIDEO_BYTES = 20 * 1024 * 1024
const MAX_COLORS = 4
const MAX_COLOR = 0xff_ffff
/** The type of a profile's video among the sizes of its photo (core.telegram.org/api/files#video-types). */
const VIDEO_TYPE = 'u'

/** What may make a photo of a profile or chat: at least one of the first three is there. */
export interface ProfilePhotoInput {
  readonly file?: TlType<'InputFile'> | undefined
  readonly video?: TlType<'InputFile'> | undefined
  readonly videoEmojiMarkup?: TlType<'VideoSize'> | undefined
  readonly videoStartTs?: number | undefined
}

/**
 * Makes a photo of a picture, of a video or of a sticker before colours. A picture given beside the others is shown where
 * nothing moves; else one of the video or of the sticker is.
 * @throws RpcError of the uploads and of the picture (PHOTO_INVALID for sides that do not fit); 400 VIDEO_FILE_INVALID where the video cannot be read (never without
 *   ffmpeg) or is too long, EMOJI_MARKUP_INVALID, PHOTO_FILE_MISSING where nothing can be shown while nothing moves
 */
export async function profilePhoto(context: CallContext, input: ProfilePhotoInput): Promise<Tl<'photo'>> {
  try {
    return await takenPhoto(context, input)
  } catch (error) {
    const isOfSides = error instanceof RpcError && error.errorMessage === 'PHOTO_INVALID_DIMENSIONS'
    throw isOfSides ? new RpcError(400, 'PHOTO_INVALID') : error
  }
}

async function takenPhoto(context: CallContext, input: ProfilePhotoInput): Promise<Tl<'photo'>> {
  const { file, video, videoEmojiMarkup } = input
  if (video === undefined && videoEmojiMarkup === undefined) {
    if (file === undefined) throw new RpcError(400, 'PHOTO_FILE_MISSING')
    return uploadedPhoto(context, file, 'profile')
  }
  const repeated = await finishedPhoto(context, video ?? file)
  return repeated ?? movingPhoto(context, input)
}

async function movingPhoto(context: CallContext, input: ProfilePhotoInput): Promise<Tl<'photo'>> {
  const { file, video, videoEmojiMarkup, videoStartTs = 0 } = input
  const markup = videoEmojiMarkup && (await checkedMarkup(context, videoEmojiMarkup))
  const uploads: UploadedFile[] = []
  let image = file && (await pictureOf(context, file, uploads))
  const parts: MovingPart[] = []
  if (video !== undefined) {
    const made = await videoOf(context, video, videoStartTs, uploads)
    image ??= made.still
    parts.push(made.part)
  }
  if (markup !== undefined) {
    image ??= await backed(context, markup)
    parts.push({ size: markup.value })
  }
  const photo = await photoOfImage(context, image!, { moving: parts })
  for (const upload of uploads) await upload.done(photo.id)
  return photo
}

async function pictureOf(
  context: CallContext,
  input: TlType<'InputFile'>,
  uploads: UploadedFile[],
): Promise<DerivedImage> {
  const file = await uploadedFile(context, input)
  uploads.push(file)
  const bytes = await wholeFile(file, MAX_PHOTO_BYTES, 'PHOTO_SAVE_FILE_INVALID')
  const image = await (await derivativesOf(context.services)).image(bytes, 'profile')
  requireProfileSides(image)
  return image
}

async function videoOf(
  context: CallContext,
  input: TlType<'InputFile'>,
  startSeconds: number,
  uploads: UploadedFile[],
): Promise<{ readonly part: MovingPart; readonly still: DerivedImage }> {
  const isTime = Number.isFinite(startSeconds) && startSeconds >= 0
  const file = await uploadedFile(context, input)
  uploads.push(file)
  const bytes = await wholeFile(file, MAX_VIDEO_BYTES, 'VIDEO_FILE_INVALID')
  const derivatives = await derivativesOf(context.services)
  const made = isTime ? await derivatives.profileVideo(bytes, startSeconds) : undefined
  if (made === undefined) throw new RpcError(400, 'VIDEO_FILE_INVALID')
  const { width: w, height: h, startSeconds: videoStartTs, still } = made
  const size = { _: 'videoSize', type: VIDEO_TYPE, w, h, size: made.bytes.length, videoStartTs } as const
  return { part: { size, bytes: made.bytes }, still }
}

interface Markup {
  readonly value: Tl<'videoSizeEmojiMarkup'> | Tl<'videoSizeStickerMarkup'>
  readonly file: KnownFile
  readonly colors: readonly number[]
}

/** A sticker that everybody may see, before one to four colours; 400 EMOJI_MARKUP_INVALID. */
async function checkedMarkup(context: CallContext, value: TlType<'VideoSize'>): Promise<Markup> {
  if (value._ === 'videoSize') throw markupInvalid()
  const { backgroundColors: colors } = value
  const areColors = colors.every((color) => color >= 0 && color <= MAX_COLOR)
  if (colors.length === 0 || colors.length > MAX_COLORS || !areColors) throw markupInvalid()
  const id = value._ === 'videoSizeEmojiMarkup' ? value.emojiId : await stickerOf(context, value)
  const file = await findFile(context.services, id)
  if (file?.value._ !== 'document') throw markupInvalid()
  const isEmoji = attributeOf(file.value, 'documentAttributeCustomEmoji') !== undefined
  if (value._ === 'videoSizeEmojiMarkup' && !isEmoji) throw markupInvalid()
  return { value, file, colors }
}

async function stickerOf(
  context: CallContext,
  { stickerset, stickerId }: Tl<'videoSizeStickerMarkup'>,
): Promise<bigint> {
  const set = await publishedSet(context, stickerset).catch((error) => {
    throw error instanceof RpcError ? markupInvalid() : error
  })
  if (!stickerIds(set.value).includes(stickerId)) throw markupInvalid()
  return stickerId
}

const markupInvalid = () => new RpcError(400, 'EMOJI_MARKUP_INVALID')

async function backed(context: CallContext, { file, colors }: Markup): Promise<DerivedImage> {
  const picture = await stillOf(context, file)
  if (picture === undefined) throw new RpcError(400, 'PHOTO_FILE_MISSING')
  return (await derivativesOf(context.services)).backed(picture, colors)
}

/** A sticker's picture at rest; undefined where nothing but its client can draw it. */
async function stillOf(context: CallContext, file: KnownFile): Promise<Buffer | undefined> {
  const { services } = context
  const mimeType = file.value._ === 'document' ? file.value.mimeType : ''
  const size = [...file.sizes.values()].at(-1)
  const isPicture = mimeType === 'image/webp' || mimeType === 'image/png'
  if (!isPicture && size !== undefined)
    return readContent(services.blobs, size.blob, size.start, size.start + size.length)
  if (!isPicture && mimeType !== 'video/webm') return undefined
  const bytes = await documentBytes(services, file, MAX_STICKER_BYTES, 'EMOJI_MARKUP_INVALID')
  if (isPicture) return bytes
  return (await (await derivativesOf(services)).video(bytes))?.thumb.sizes.at(-1)?.bytes
}
