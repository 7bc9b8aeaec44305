import { picture } from '@heliograph/gateway/media/samples'
import type { Tl } from '@heliograph/schemas/tl'
import { randomId } from './chats.ts'
import type { Person } from './person.ts'

/** The most that one part of a file has. */
const PART_BYTES = 512 * 1024

/** For tests: files as clients upload them. */
export async function upload(
  who: Person,
  bytes: Uint8Array,
  name = 'file',
  md5Checksum = '',
): Promise<Tl<'inputFile'>> {
  const id = randomId()
  const parts = Math.max(1, Math.ceil(bytes.length / PART_BYTES))
  for (let part = 0; part < parts; part++)
    await who.call('upload.saveFilePart', {
      fileId: id,
      filePart: part,
      bytes: bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES),
    })
  return { _: 'inputFile', id, parts, name, md5Checksum }
}

/** A document of these bytes, to be named. */
export async function kept(who: Person, bytes: Uint8Array, mimeType: string): Promise<Tl<'inputDocument'>> {
  const given = {
    _: 'inputMediaUploadedDocument',
    file: await upload(who, bytes),
    mimeType,
    attributes: [],
  } as const
  const made = await who.call('messages.uploadMedia', {
    peer: { _: 'inputPeerSelf' },
    media: { ...given, forceFile: true },
  })
  const document = made._ === 'messageMediaDocument' ? made.document : undefined
  if (document?._ !== 'document') throw new Error('no document was made')
  const { id, accessHash, fileReference } = document
  return { _: 'inputDocument', id, accessHash, fileReference }
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
