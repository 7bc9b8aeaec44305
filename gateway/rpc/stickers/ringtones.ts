import { RpcError } from '@heliograph/schemas/tl'
import type { Handler } from '../handler.ts'
import { uploadedDocument } from '../messages/media/document.ts'
import { stamped } from '../upload/stamp.ts'
import { attributeOf, givenDocument } from './files.ts'
import { MAX_RINGTONE_BYTES, MAX_RINGTONES } from './limits.ts'
import { saveDocument } from './lists.ts'

const SOUNDS = new Set([
  'audio/mpeg',
  'audio/mp3',
  'audio/ogg',
  'audio/x-wav',
  'audio/wav',
  'audio/mp4',
  'audio/m4a',
])

/** A sound for notifications, on the caller's list at once; 400 RINGTONE_MIME_INVALID. */
export const uploadRingtone: Handler<'account.uploadRingtone'> = async (call, context) => {
  if (!SOUNDS.has(call.mimeType)) throw new RpcError(400, 'RINGTONE_MIME_INVALID')
  const { file, mimeType, fileName } = call
  const document = await uploadedDocument(context, {
    _: 'inputMediaUploadedDocument',
    file,
    mimeType,
    attributes: [
      { _: 'documentAttributeAudio', duration: 0, title: fileName },
      { _: 'documentAttributeFilename', fileName },
    ],
  })
  if (document.size > MAX_RINGTONE_BYTES) throw new RpcError(400, 'RINGTONE_INVALID')
  await saveDocument(context, 'ringtones', document.id, false, MAX_RINGTONES)
  return stamped(context.services, context.user, document)
}

export const saveRingtone: Handler<'account.saveRingtone'> = async (call, context) => {
  const { document } = await givenDocument(context, call.id, 'RINGTONE_INVALID')
  const isSound = attributeOf(document, 'documentAttributeAudio') !== undefined
  if (!isSound || document.size > MAX_RINGTONE_BYTES) throw new RpcError(400, 'RINGTONE_INVALID')
  await saveDocument(context, 'ringtones', document.id, call.unsave, MAX_RINGTONES)
  return { _: 'account.savedRingtone' }
}
