import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../handler.ts'
import { fetchGuarded, NotFetched } from '../messages/media/fetch.ts'
import type { Services } from '../services.ts'
import { attributeOf, givenDocument } from '../stickers/files.ts'
import { flowOf } from './flow.ts'
import { bytesOf, checkEnd, checkRange, fileTypeOf } from './get-file.ts'
import { isWebFileAccessHash, WebFiles } from './web-files.ts'

/** Bytes of the web, or of a cover. */
interface WebFile {
  readonly sizeBytes: number
  readonly mimeType: string
  read(start: number, end: number): Promise<Buffer>
}

const opened = new WeakMap<Services['blobs'], WebFiles>()

/** The files of the web that this gateway fetches. */
function webFilesOf({ blobs, nowMs }: Services): WebFiles {
  let files = opened.get(blobs)
  if (files === undefined) {
    files = new WebFiles(fetchGuarded, nowMs)
    opened.set(blobs, files)
  }
  return files
}

/**
 * `upload.getWebFile`: a part of a file by its address, or of the cover in a piece of music. There are no maps here: a point on
 * one is refused as any other location that nothing is behind. 400 LOCATION_INVALID, DOCUMENT_INVALID.
 */
export const webFileHandler =
  (filesOf: (services: Services) => WebFiles): Handler<'upload.getWebFile'> =>
  async ({ location, offset, limit }, context) => {
    checkRange(offset, limit, true)
    const file = await locate(context, location, filesOf)
    const { sizeBytes, mimeType } = file
    checkEnd(offset, limit, sizeBytes)
    const [start, end] = [Math.min(offset, sizeBytes), Math.min(offset + limit, sizeBytes)]
    const bytes = await flowOf(context.services).run(context.caller, limit, () => file.read(start, end))
    const fileType: TlType<'storage.FileType'> = { _: fileTypeOf(mimeType) }
    return { _: 'upload.webFile', size: sizeBytes, mimeType, fileType, mtime: context.now, bytes }
  }

export const getWebFile = webFileHandler(webFilesOf)

function locate(
  context: CallContext,
  location: TlType<'InputWebFileLocation'>,
  filesOf: (services: Services) => WebFiles,
): Promise<WebFile> {
  switch (location._) {
    case 'inputWebFileLocation':
      return webFile(context, location, filesOf)
    case 'inputWebFileAudioAlbumThumbLocation':
      return coverOf(context, location)
    default:
      throw locationInvalid()
  }
}

const locationInvalid = () => new RpcError(400, 'LOCATION_INVALID')

async function webFile(
  { services }: CallContext,
  { url, accessHash }: Tl<'inputWebFileLocation'>,
  filesOf: (services: Services) => WebFiles,
): Promise<WebFile> {
  const isAllowed = services.config.fetchesUrls === true
  if (!isAllowed || !isWebFileAccessHash(services.keyring, url, accessHash)) throw locationInvalid()
  try {
    const { bytes, mimeType } = await filesOf(services).get(url)
    return { sizeBytes: bytes.length, mimeType, read: async (start, end) => bytes.subarray(start, end) }
  } catch (error) {
    throw error instanceof NotFetched ? locationInvalid() : error
  }
}

/** The thumb that was made of the picture in the music; music that is only named is not looked for elsewhere. */
async function coverOf(
  context: CallContext,
  { document: input }: Tl<'inputWebFileAudioAlbumThumbLocation'>,
): Promise<WebFile> {
  if (input === undefined) throw locationInvalid()
  const { file, document } = await givenDocument(context, input, 'DOCUMENT_INVALID')
  const audio = attributeOf(document, 'documentAttributeAudio')
  if (audio === undefined || audio.voice === true) throw new RpcError(400, 'DOCUMENT_INVALID')
  const extent = [...file.sizes.values()].at(-1)
  if (extent === undefined) throw locationInvalid()
  const located = { documentId: document.id, extent, mimeType: 'image/jpeg', date: document.date }
  return {
    sizeBytes: extent.length,
    mimeType: located.mimeType,
    read: (start, end) => bytesOf(context, located, start, end),
  }
}
