import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { DerivedSticker, StickerPurpose } from '../../media/derivatives.ts'
import type { CallContext } from '../handler.ts'
import { derivativesOf } from '../upload/derivatives.ts'
import { createDocument, newFileId } from '../upload/documents.ts'
import { fileOfBytes } from '../upload/uploaded.ts'
import { documentBytes, givenDocument, type StickerAttribute } from './files.ts'
import { MAX_STICKER_BYTES } from './limits.ts'

type SetFlags = { masks?: boolean | undefined; emojis?: boolean | undefined; textColor?: boolean | undefined }

const FILE_NAMES = { static: 'sticker.webp', animated: 'AnimatedSticker.tgs', video: 'sticker.webm' } as const

/** A sticker that has been checked, before it is kept as one of a set. */
export interface CheckedSticker {
  readonly derived: DerivedSticker
  readonly alt: string
  readonly maskCoords: TlType<'MaskCoords'> | undefined
}

/**
 * The sticker that a client names for a set of this kind.
 * @throws RpcError 400 STICKER_FILE_INVALID, STICKER_* of its kind
 */
export async function checkedDocument(
  context: CallContext,
  input: TlType<'InputDocument'>,
  purpose: StickerPurpose,
): Promise<DerivedSticker> {
  const { file } = await givenDocument(context, input, 'STICKER_FILE_INVALID')
  const bytes = await documentBytes(context.services, file, MAX_STICKER_BYTES, 'STICKER_FILE_INVALID')
  return (await derivativesOf(context.services)).sticker(bytes, purpose)
}

/** Keeps a checked sticker as a document of this set, and resolves to its id. The same bytes are stored once. */
export async function keepSticker(
  context: CallContext,
  { derived, alt, maskCoords }: CheckedSticker,
  set: SetFlags,
  stickerset: TlType<'InputStickerSet'>,
): Promise<bigint> {
  const attribute: StickerAttribute = set.emojis
    ? {
        _: 'documentAttributeCustomEmoji',
        free: true,
        ...(set.textColor && { textColor: true }),
        alt,
        stickerset,
      }
    : {
        _: 'documentAttributeSticker',
        ...(set.masks && { mask: true }),
        alt,
        stickerset,
        ...(maskCoords && { maskCoords }),
      }
  return keepDocument(context, derived, [attribute])
}

/** Keeps derived bytes as a document that shows `more` beside its size. */
export async function keepDocument(
  context: CallContext,
  derived: DerivedSticker,
  more: readonly TlType<'DocumentAttribute'>[],
  id: bigint = newFileId(context),
): Promise<bigint> {
  const main = fileOfBytes(derived.bytes)
  const value: Tl<'document'> = {
    _: 'document',
    id,
    accessHash: 0n,
    fileReference: new Uint8Array(0),
    date: context.now,
    mimeType: derived.mime,
    size: main.sizeBytes,
    dcId: context.services.config.dataCentre.id,
    attributes: [
      sizeAttribute(derived),
      ...more,
      { _: 'documentAttributeFilename', fileName: FILE_NAMES[derived.kind] },
    ],
  }
  await createDocument(context, { value, main, sizes: [], sizesFile: undefined })
  return value.id
}

function sizeAttribute({ kind, width: w, height: h, durationSeconds: duration }: DerivedSticker) {
  if (kind !== 'video') return { _: 'documentAttributeImageSize', w, h } as const
  return { _: 'documentAttributeVideo', nosound: true, duration, w, h } as const
}

/** Masks are laid on faces: 0 to 3 for forehead, eyes, mouth and chin, within reason. */
export function checkedCoords(coords: TlType<'MaskCoords'> | undefined): TlType<'MaskCoords'> | undefined {
  if (coords === undefined) return
  const { n, x, y, zoom } = coords
  const isRight = n >= 0 && n <= 3 && [x, y, zoom].every((value) => Number.isFinite(value))
  if (!isRight) throw new RpcError(400, 'STICKER_INVALID')
  return coords
}
