import type { ContentRef, FileDescription as Description } from '@heliograph/schemas/avro'
import { FileDescription } from '@heliograph/schemas/avro'
import { decodeObject, encodeObject, type Tl } from '@heliograph/schemas/tl'
import { type DataKey, documents, type KeyScope, type SealedBlob } from '@heliograph/storage'
import { open, seal } from '@heliograph/topics'
import { TwoGenerations } from '../directory/two-generations.ts'
import type { CallContext } from '../handler.ts'
import type { Services } from '../services.ts'
import { contentBlob, contentKeyOf, contentName, storeContent } from './content-store.ts'
import { MAX_REMEMBERED_FILES } from './limits.ts'
import type { FileSource } from './uploaded.ts'

export const MEDIA_SCOPE = 'media' as KeyScope
const ID_BYTES = 8

/** A file or photo as it is kept: without access hash and file reference, which are made for each viewer. */
export type FileValue = Tl<'document'> | Tl<'photo'>

/** Where bytes are to be found. */
export interface Extent {
  readonly blob: SealedBlob
  readonly start: number
  readonly length: number
}

/** A document that is there. */
export interface KnownFile {
  readonly value: FileValue
  readonly main: Extent | undefined
  /** By the type of the size. */
  readonly sizes: ReadonlyMap<string, Extent>
  /** SHA-256 of the file itself, or of a photo's sizes. */
  readonly sha256: Buffer
  /** Ids of the sets whose stickers were laid on it. */
  readonly stickerSets: readonly bigint[]
}

/** What is to become a document. `sizes` lie one behind the other in `sizesFile`. */
export interface NewFile {
  /** Its id is still to be given. */
  readonly value: FileValue
  readonly main: FileSource | undefined
  readonly sizes: readonly { readonly type: string; readonly bytes: Buffer }[]
  readonly sizesFile: FileSource | undefined
  /** Ids of the sets whose stickers were laid on it. */
  readonly stickerSets?: readonly bigint[]
}

export const newFileId = ({ services }: Pick<CallContext, 'services'>): bigint =>
  (services.random(ID_BYTES) as Buffer).readBigUInt64LE() & 0x7fff_ffff_ffff_ffffn || 1n

const contextOf = (id: bigint) => ({
  topic: 'media.events',
  key: `document:${id}`,
  type: FileDescription.name,
})

/** Keeps contents and description of a new document; resolves when that is durable. */
export async function createDocument(context: CallContext, file: NewFile): Promise<void> {
  const { services, caller, user } = context
  const sources = [file.main, file.sizesFile].filter((source) => source !== undefined)
  const reservedAt = Math.floor(services.nowMs() / 1000)
  const contents: ContentRef[] = []
  for (const source of sources) contents.push(await storeContent(context, source))
  const description: Description = {
    type: 'FileDescription',
    value: Buffer.from(encodeObject(file.value)),
    contents: sources.map(({ sha256, sizeBytes }, index) => {
      return { sha256, sizeBytes, generation: contents[index]!.generation }
    }),
    main: file.main === undefined ? null : { content: 0, start: 0, length: file.main.sizeBytes },
    sizes: extentsOf(file.sizes, sources.length - 1),
    stickerSets: [...(file.stickerSets ?? [])],
  }
  const { key } = await services.keyring.obtain(MEDIA_SCOPE)
  const documentId = file.value.id
  const sealed = seal(key, contextOf(documentId), services.codec.encodeBare(description))
  const command = {
    type: 'CreateDocument',
    documentId,
    uploaderId: user,
    contents,
    sealed,
    reservedAt,
  } as const
  await services.commands.ask('media.commands', `document:${documentId}`, command, caller)
  rememberedOf(services).set(documentId, knownFile(services, description))
}

function extentsOf(sizes: NewFile['sizes'], content: number): Description['sizes'] {
  let start = 0
  return sizes.map(({ type, bytes }) => {
    const extent = { type, content, start, length: bytes.length }
    start += bytes.length
    return extent
  })
}

type FileServices = Pick<Services, 'tables' | 'keyring' | 'codec' | 'blobs'>
const remembered = new WeakMap<Services['blobs'], TwoGenerations<bigint, KnownFile>>()

function rememberedOf({ blobs }: Pick<Services, 'blobs'>): TwoGenerations<bigint, KnownFile> {
  let files = remembered.get(blobs)
  if (files === undefined) {
    files = new TwoGenerations(MAX_REMEMBERED_FILES)
    remembered.set(blobs, files)
  }
  return files
}

/** The document with this id; undefined where there is none or it cannot be read any more. */
export function findFile(
  services: FileServices,
  documentId: bigint,
): KnownFile | Promise<KnownFile | undefined> {
  return rememberedOf(services).get(documentId) ?? loadFile(services, documentId)
}

/** For a file whose bytes are found to be gone: it is looked for again. */
export function forgetFile(services: FileServices, documentId: bigint): void {
  rememberedOf(services).delete(documentId)
}

async function loadFile(services: FileServices, documentId: bigint): Promise<KnownFile | undefined> {
  const row = await services.tables.get(documents, { documentId })
  const key = row && (await services.keyring.find(MEDIA_SCOPE))
  if (!row?.sealed || key === undefined) return undefined
  const description = openDescription(services, documentId, key, row.sealed)
  if (description === undefined) return undefined
  const file = knownFile(services, description)
  rememberedOf(services).set(documentId, file)
  return file
}

/** What a document's row says, opened; undefined where the key is gone or the bytes are others. */
export function openDescription(
  { codec }: Pick<Services, 'codec'>,
  documentId: bigint,
  { key }: DataKey,
  sealed: Buffer,
): Description | undefined {
  const plain = open(key, contextOf(documentId), sealed)
  return plain && codec.decodeBare<Description>(plain)
}

function knownFile({ keyring }: Pick<Services, 'keyring'>, description: Description): KnownFile {
  const blobs = description.contents.map(({ sha256, generation, sizeBytes }): SealedBlob => {
    const blobKey = contentBlob({ name: contentName(keyring, sha256), generation })
    return { blobKey, key: contentKeyOf(keyring, sha256), sizeBytes }
  })
  const extent = ({ content, start, length }: { content: number; start: number; length: number }) => {
    return { blob: blobs[content]!, start, length }
  }
  return {
    value: decodeObject(description.value) as FileValue,
    main: description.main === null ? undefined : extent(description.main),
    sizes: new Map(description.sizes.map((size) => [size.type, extent(size)])),
    sha256: description.contents[0]!.sha256,
    stickerSets: description.stickerSets,
  }
}
