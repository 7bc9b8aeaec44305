import { picture } from '@heliograph/gateway/media/samples'
import type { Tl } from '@heliograph/schemas/tl'
import { randomId } from './chats.ts'
import type { Person } from './person.ts'

/** For tests: files as clients upload them. */
export async function upload(
  who: Person,
  bytes: Uint8Array,
  name = 'file',
  md5Checksum = '',
): Promise<Tl<'inputFile'>> {
  const id = randomId()
  await who.call('upload.saveFilePart', { fileId: id, filePart: 0, bytes })
  return { _: 'inputFile', id, parts: 1, name, md5Checksum }
}

export async function photo(who: Person, bytes?: Uint8Array): Promise<Tl<'inputMediaUploadedPhoto'>> {
  const given = bytes ?? (await picture({ width: 64, height: 64 }))
  return { _: 'inputMediaUploadedPhoto', file: await upload(who, given, 'photo.jpg') }
}

/** What documents are by their attributes. */
const KINDS = {
  document: ['text/plain', []],
  music: ['audio/mpeg', [{ _: 'documentAttributeAudio', duration: 1 }]],
  voice: [
    'audio/ogg',
    [{ _: 'documentAttributeAudio', voice: true, duration: 1, waveform: new Uint8Array(1) }],
  ],
  video: ['video/webm', [{ _: 'documentAttributeVideo', duration: 1, w: 8, h: 8 }]],
  gif: [
    'video/webm',
    [{ _: 'documentAttributeVideo', duration: 1, w: 8, h: 8 }, { _: 'documentAttributeAnimated' }],
  ],
} as const

export async function document(
  who: Person,
  kind: keyof typeof KINDS,
): Promise<Tl<'inputMediaUploadedDocument'>> {
  const [mimeType, attributes] = KINDS[kind]
  const file = await upload(who, Buffer.from(`some ${kind}`))
  return { _: 'inputMediaUploadedDocument', file, mimeType, attributes }
}
