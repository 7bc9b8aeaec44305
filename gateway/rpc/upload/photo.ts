import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { DerivedImage, DerivedThumb, ImagePurpose } from '../../media/derivatives.ts'
import type { CallContext } from '../handler.ts'
import { derivativesOf } from './derivatives.ts'
import { createDocument, findFile, newFileId } from './documents.ts'
import { MAX_PHOTO_BYTES, MIN_PROFILE_PHOTO_PX } from './limits.ts'
import { fileOfBytes, finishedDocument, uploadedFile, wholeFile } from './uploaded.ts'

const NO_HASH = { accessHash: 0n, fileReference: new Uint8Array(0) } as const
/** The stripped thumbnail's name among the sizes. */
const STRIPPED_TYPE = 'i'

/** The sizes as clients are told of them. */
export function photoSizes({ stripped, sizes }: DerivedThumb): TlType<'PhotoSize'>[] {
  return [
    { _: 'photoStrippedSize', type: STRIPPED_TYPE, bytes: stripped },
    ...sizes.map(({ type, width, height, bytes }) => {
      return { _: 'photoSize', type, w: width, h: height, size: bytes.length } as const
    }),
  ]
}

/** All sizes as one content, behind each other. */
export const sizesFile = ({ sizes }: { readonly sizes: readonly { readonly bytes: Buffer }[] }) =>
  sizes.length === 0 ? undefined : fileOfBytes(Buffer.concat(sizes.map(({ bytes }) => bytes)))

/**
 * Makes a photo of an uploaded picture; for `message.media` it is `stamped` for each viewer.
 * @throws RpcError of the upload (`uploadedFile`) and of the picture (PHOTO_INVALID_DIMENSIONS, IMAGE_PROCESS_FAILED,
 * of profiles PHOTO_CROP_SIZE_SMALL, …)
 */
export async function uploadedPhoto(
  context: CallContext,
  input: TlType<'InputFile'>,
  purpose: ImagePurpose,
  stickerSets: readonly bigint[] = [],
): Promise<Tl<'photo'>> {
  const before = await finishedPhoto(context, input)
  if (before !== undefined) return before
  const file = await uploadedFile(context, input)
  const bytes = await wholeFile(file, MAX_PHOTO_BYTES, 'PHOTO_SAVE_FILE_INVALID')
  const photo = await photoOfBytes(context, bytes, purpose, stickerSets)
  await file.done(photo.id)
  return photo
}

/** The photo that was made of an upload already; undefined where none was. */
export async function finishedPhoto(
  context: CallContext,
  input: TlType<'InputFile'> | undefined,
): Promise<Tl<'photo'> | undefined> {
  const id = input && (await finishedDocument(context, input))
  const known = id === undefined ? undefined : await findFile(context.services, id)
  return known?.value._ === 'photo' ? known.value : undefined
}

/** Makes a photo of a picture in memory. */
export async function photoOfBytes(
  context: CallContext,
  bytes: Buffer,
  purpose: ImagePurpose,
  stickerSets: readonly bigint[] = [],
): Promise<Tl<'photo'>> {
  const derivatives = await derivativesOf(context.services)
  const image = await derivatives.image(bytes, purpose)
  if (purpose === 'profile') requireProfileSides(image)
  return photoOfImage(context, image, { stickerSets })
}

/** @throws RpcError 400 PHOTO_CROP_SIZE_SMALL */
export function requireProfileSides({ width, height }: DerivedImage): void {
  if (Math.min(width, height) < MIN_PROFILE_PHOTO_PX) throw new RpcError(400, 'PHOTO_CROP_SIZE_SMALL')
}

/** What moves of a photo: a video with its bytes, or what clients draw by themselves. */
export interface MovingPart {
  readonly size: TlType<'VideoSize'>
  readonly bytes?: Buffer
}

/** What a photo has beside its picture. */
interface PhotoExtras {
  readonly moving?: readonly MovingPart[]
  /** Sets of the stickers that were put on it. */
  readonly stickerSets?: readonly bigint[]
}

/** Keeps a picture, and what moves in its place, as a photo. */
export async function photoOfImage(
  context: CallContext,
  image: DerivedImage,
  { moving = [], stickerSets = [] }: PhotoExtras = {},
): Promise<Tl<'photo'>> {
  if (image.sizes.length === 0) throw new RpcError(400, 'IMAGE_PROCESS_FAILED')
  const value: Tl<'photo'> = {
    _: 'photo',
    id: newFileId(context),
    ...NO_HASH,
    date: context.now,
    sizes: photoSizes(image),
    ...(moving.length > 0 && { videoSizes: moving.map((part) => part.size) }),
    dcId: context.services.config.dataCentre.id,
    ...(stickerSets.length > 0 && { hasStickers: true }),
  }
  const videos = moving.flatMap(({ size, bytes }) => {
    return size._ === 'videoSize' && bytes !== undefined ? [{ type: size.type, bytes }] : []
  })
  const sizes = [...image.sizes, ...videos]
  await createDocument(context, {
    value,
    main: undefined,
    sizes,
    sizesFile: sizesFile({ sizes }),
    stickerSets,
  })
  return value
}
