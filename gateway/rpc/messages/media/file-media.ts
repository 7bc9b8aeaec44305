import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { CallContext } from '../../handler.ts'
import { attachedSets } from '../../stickers/attached.ts'
import { findFile } from '../../upload/documents.ts'
import { uploadedPhoto } from '../../upload/photo.ts'
import { checkNamedFile, type NamedFile } from '../../upload/stamp.ts'
import { attributeOf } from './attributes.ts'
import { uploadedDocument } from './document.ts'
import { externalDocument, externalPhoto } from './external.ts'

export type FileMedia = Tl<'messageMediaPhoto'> | Tl<'messageMediaDocument'>
type FileInput = Extract<
  TlType<'InputMedia'>,
  {
    _:
      | 'inputMediaUploadedPhoto'
      | 'inputMediaPhoto'
      | 'inputMediaPhotoExternal'
      | 'inputMediaUploadedDocument'
      | 'inputMediaDocument'
      | 'inputMediaDocumentExternal'
  }
>

const FILE_INPUTS: ReadonlySet<string> = new Set<FileInput['_']>([
  'inputMediaUploadedPhoto',
  'inputMediaPhoto',
  'inputMediaPhotoExternal',
  'inputMediaUploadedDocument',
  'inputMediaDocument',
  'inputMediaDocumentExternal',
])

export const isFileInput = (input: TlType<'InputMedia'>): input is FileInput => FILE_INPUTS.has(input._)

/** The longest time after which media ends itself; longer ones are not taken. */
const MAX_TTL_SECONDS = 60
/** View once. */
const ONCE_TTL = 0x7fff_ffff

/**
 * A photo or document as a message holds it, uploaded or named, without access hash and file reference (`stampedMedia` adds
 * them for each viewer).
 * @param index where it stands in an album, which errors of its file reference then name
 */
export async function fileMedia(context: CallContext, input: FileInput, index?: number): Promise<FileMedia> {
  const { ttlSeconds } = input
  if (ttlSeconds !== undefined && ttlSeconds !== ONCE_TTL && (ttlSeconds < 1 || ttlSeconds > MAX_TTL_SECONDS))
    throw new RpcError(400, 'TTL_MEDIA_INVALID')
  switch (input._) {
    case 'inputMediaUploadedPhoto':
      return photoMedia(
        await uploadedPhoto(context, input.file, 'photo', await attachedSets(context, input.stickers)),
        input,
      )
    case 'inputMediaPhoto':
      return photoMedia(await namedPhoto(context, input.id, index), input)
    case 'inputMediaPhotoExternal':
      return photoMedia(await externalPhoto(context, input.url), input)
    case 'inputMediaUploadedDocument':
      return documentMedia(context, await uploadedDocument(context, input), input)
    case 'inputMediaDocument':
      return documentMedia(context, await namedDocument(context, input.id, index), input)
    case 'inputMediaDocumentExternal':
      return documentMedia(context, await externalDocument(context, input.url), input)
  }
}

function photoMedia(
  photo: Tl<'photo'>,
  { spoiler, ttlSeconds }: { spoiler?: boolean | undefined; ttlSeconds?: number | undefined },
): FileMedia {
  return {
    _: 'messageMediaPhoto',
    photo,
    ...(spoiler === true && { spoiler: true }),
    ...(ttlSeconds !== undefined && { ttlSeconds }),
  }
}

interface DocumentOptions {
  readonly spoiler?: boolean | undefined
  readonly ttlSeconds?: number | undefined
  readonly videoCover?: TlType<'InputPhoto'> | undefined
  readonly videoTimestamp?: number | undefined
}

async function documentMedia(
  context: CallContext,
  document: Tl<'document'>,
  { spoiler, ttlSeconds, videoCover, videoTimestamp }: DocumentOptions,
): Promise<FileMedia> {
  const video = attributeOf(document.attributes, 'documentAttributeVideo')
  const isAnimated = attributeOf(document.attributes, 'documentAttributeAnimated') !== undefined
  const voice = attributeOf(document.attributes, 'documentAttributeAudio')?.voice === true
  const cover = videoCover && (await namedPhoto(context, videoCover))
  return {
    _: 'messageMediaDocument',
    document,
    ...(spoiler === true && { spoiler: true }),
    ...(video !== undefined && !isAnimated && { video: true }),
    ...(video?.roundMessage === true && { round: true }),
    ...(voice && { voice: true }),
    ...(cover && { videoCover: cover }),
    ...(videoTimestamp !== undefined && { videoTimestamp }),
    ...(ttlSeconds !== undefined && { ttlSeconds }),
  }
}

/** A photo that the caller has seen; 400 `error` for what is none, FILE_REFERENCE_*. */
export async function namedPhoto(
  context: CallContext,
  input: TlType<'InputPhoto'>,
  index?: number,
  error = 'MEDIA_EMPTY',
): Promise<Tl<'photo'>> {
  if (input._ !== 'inputPhoto') throw new RpcError(400, error)
  const value = await namedFile(context, input, index, error)
  if (value._ !== 'photo') throw new RpcError(400, error)
  return value
}

/** A document that the caller has seen; 400 MEDIA_EMPTY, FILE_REFERENCE_*. */
export async function namedDocument(
  context: CallContext,
  input: TlType<'InputDocument'>,
  index?: number,
): Promise<Tl<'document'>> {
  if (input._ !== 'inputDocument') throw new RpcError(400, 'MEDIA_EMPTY')
  const value = await namedFile(context, input, index)
  if (value._ !== 'document') throw new RpcError(400, 'MEDIA_EMPTY')
  return value
}

async function namedFile(
  { services, user }: CallContext,
  file: NamedFile,
  index?: number,
  error = 'MEDIA_EMPTY',
) {
  checkNamedFile(services, user, file, error, index)
  const known = await findFile(services, file.id)
  if (known === undefined) throw new RpcError(400, error)
  return known.value
}
