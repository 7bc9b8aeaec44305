import { type Handlers, works } from '../handler.ts'
import { getFile, getFileHashes } from './get-file.ts'
import { getWebFile } from './get-web-file.ts'
import { saveBigFilePart, saveFilePart } from './save-part.ts'

/** The namespace `upload`. Files are always given by the data centre itself: there is no CDN to send clients to. */
export const uploadHandlers: Handlers = {
  'upload.saveFilePart': works(saveFilePart, 'file'),
  'upload.saveBigFilePart': works(saveBigFilePart, 'file'),
  'upload.getFile': works(getFile, 'file'),
  'upload.getFileHashes': works(getFileHashes, 'file'),
  'upload.getWebFile': works(getWebFile, 'file'),
}
