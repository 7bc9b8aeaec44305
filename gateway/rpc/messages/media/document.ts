import type { Tl } from '@heliograph/schemas/tl'
import type { CallContext } from '../../handler.ts'
import { attachedSets } from '../../stickers/attached.ts'
import { createDocument, findFile, newFileId } from '../../upload/documents.ts'
import { photoSizes, sizesFile } from '../../upload/photo.ts'
import { finishedDocument, uploadedFile } from '../../upload/uploaded.ts'
import { checkedAttributes, checkedMime } from './attributes.ts'
import { type DescribedFile, describedFile } from './described.ts'

const HAS_STICKERS = { _: 'documentAttributeHasStickers' } as const

/** Makes a document of an uploaded file. Rejects with the errors of the upload. */
export async function uploadedDocument(
  context: CallContext,
  input: Tl<'inputMediaUploadedDocument'>,
): Promise<Tl<'document'>> {
  const before = await finishedDocument(context, input.file)
  const known = before === undefined ? undefined : await findFile(context.services, before)
  if (known?.value._ === 'document') return known.value
  const file = await uploadedFile(context, input.file)
  const described = await describedFile(context, file, {
    mimeType: checkedMime(input.mimeType),
    attributes: checkedAttributes(input.attributes, file.name),
    forceFile: input.forceFile === true,
    nosoundVideo: input.nosoundVideo === true,
    thumb: input.thumb,
  })
  const document = await documentOf(context, described, await attachedSets(context, input.stickers))
  await file.done(document.id)
  return document
}

/** Keeps a file and gives it an id. */
export async function documentOf(
  context: CallContext,
  described: DescribedFile,
  stickerSets: readonly bigint[] = [],
): Promise<Tl<'document'>> {
  const { file, mimeType, attributes, thumb } = described
  const value: Tl<'document'> = {
    _: 'document',
    id: newFileId(context),
    accessHash: 0n,
    fileReference: new Uint8Array(0),
    date: context.now,
    mimeType,
    size: file.sizeBytes,
    dcId: context.services.config.dataCentre.id,
    attributes: stickerSets.length === 0 ? [...attributes] : [...attributes, HAS_STICKERS],
    ...(thumb && { thumbs: photoSizes(thumb) }),
  }
  await createDocument(context, {
    value,
    main: file,
    sizes: thumb?.sizes ?? [],
    sizesFile: thumb && sizesFile(thumb),
    stickerSets,
  })
  return value
}
