import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import { readContent } from '@heliograph/storage'
import type { CallContext } from '../handler.ts'
import { findFile, type KnownFile } from '../upload/documents.ts'
import { checkNamedFile, type StampServices, stamped } from '../upload/stamp.ts'

type Services = CallContext['services']
export type ShowServices = Parameters<typeof findFile>[0] & StampServices

/** A document that the caller has seen, and where its bytes are; `error` (400) where it names none. */
export async function givenDocument(
  { services, user }: CallContext,
  input: TlType<'InputDocument'>,
  error: string,
): Promise<{ readonly file: KnownFile; readonly document: Tl<'document'> }> {
  if (input._ !== 'inputDocument') throw new RpcError(400, error)
  checkNamedFile(services, user, input, error)
  const file = await findFile(services, input.id)
  if (file?.value._ !== 'document') throw new RpcError(400, error)
  return { file, document: file.value }
}

/** The whole of a small document; `error` (400) where it has more than `maxBytes`, or its bytes are gone. */
export async function documentBytes(
  { blobs }: Services,
  { main }: KnownFile,
  maxBytes: number,
  error: string,
): Promise<Buffer> {
  if (main === undefined || main.length > maxBytes) throw new RpcError(400, error)
  const bytes = await readContent(blobs, main.blob, main.start, main.start + main.length)
  if (bytes === undefined) throw new RpcError(400, error)
  return bytes
}

/** Documents as `viewer` may name them from now on, in the order of their ids; those that are gone are left out. */
export async function shownDocuments(
  services: ShowServices,
  viewer: number,
  ids: readonly bigint[],
): Promise<Tl<'document'>[]> {
  const files = await Promise.all(ids.map((id) => findFile(services, id)))
  return files.flatMap((file) =>
    file?.value._ === 'document' ? [stamped(services, viewer, file.value)] : [],
  )
}

export function attributeOf<N extends TlType<'DocumentAttribute'>['_']>(
  { attributes }: Tl<'document'>,
  name: N,
): Extract<TlType<'DocumentAttribute'>, { _: N }> | undefined {
  return attributes.find((each) => each._ === name) as
    | Extract<TlType<'DocumentAttribute'>, { _: N }>
    | undefined
}

export type StickerAttribute = Tl<'documentAttributeSticker'> | Tl<'documentAttributeCustomEmoji'>

/** What is said of a document as a sticker or custom emoji. */
export function stickerAttribute(document: Tl<'document'>): StickerAttribute | undefined {
  return (
    attributeOf(document, 'documentAttributeSticker') ?? attributeOf(document, 'documentAttributeCustomEmoji')
  )
}
