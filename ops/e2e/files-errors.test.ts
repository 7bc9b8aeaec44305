import { randomBytes } from 'node:crypto'
import { picture } from '@heliograph/gateway/media/samples'
import { InputMedia, Long, type tl } from '@mtcute/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Couple, endCouple, startCouple } from './couple.ts'

const KIB = 1024
const MAX_ALBUM_PHOTOS = 100
const SLOW_MS = 240_000

describe('errors of the namespaces upload and photos, seen from mtcute', () => {
  let couple: Couple
  let jpeg: Buffer
  let nextFile = 1
  beforeAll(async () => {
    couple = await startCouple({ acquainted: true })
    jpeg = await picture({ width: 200, height: 200 })
  })
  afterAll(() => endCouple(couple ?? {}))

  const refused = (call: Promise<unknown>, text: string) => expect(call).rejects.toMatchObject({ text })

  /** Small parts of a file, uploaded as they are. */
  async function parts(...bytes: readonly Buffer[]): Promise<tl.RawInputFile> {
    const id = Long.fromNumber(nextFile++)
    for (const [filePart, each] of bytes.entries())
      await couple.alice.client.call({ _: 'upload.saveFilePart', fileId: id, filePart, bytes: each })
    return { _: 'inputFile', id, parts: bytes.length, name: 'x.jpg', md5Checksum: '' }
  }
  const upload = (call: Partial<tl.photos.RawUploadProfilePhotoRequest>) =>
    couple.alice.client.call({ _: 'photos.uploadProfilePhoto', ...call })

  it.each([
    ['uploadProfilePhoto', 'PHOTO_FILE_MISSING', async () => ({})],
    [
      'uploadProfilePhoto',
      'FILE_PARTS_INVALID',
      async () => ({ file: { ...(await parts(jpeg)), parts: 0 } }),
    ],
    [
      'uploadProfilePhoto',
      'FILE_PART_1_MISSING',
      async () => ({ file: { ...(await parts(Buffer.alloc(KIB))), parts: 2 } }),
    ],
    [
      'uploadProfilePhoto',
      'FILE_PART_LENGTH_INVALID',
      async () => ({ file: await parts(jpeg.subarray(0, 9), jpeg) }),
    ],
    [
      'uploadProfilePhoto',
      'MD5_CHECKSUM_INVALID',
      async () => ({ file: { ...(await parts(jpeg)), md5Checksum: 'f' } }),
    ],
    ['uploadProfilePhoto', 'PHOTO_EXT_INVALID', async () => ({ file: await parts(Buffer.from('<svg/>')) })],
    [
      'uploadProfilePhoto',
      'IMAGE_PROCESS_FAILED',
      async () => ({ file: await parts(jpeg.subarray(0, 100)) }),
    ],
    ['uploadProfilePhoto', 'VIDEO_FILE_INVALID', async () => ({ video: await parts(jpeg) })],
    [
      'uploadProfilePhoto',
      'VIDEO_FILE_INVALID',
      async () => ({ video: await parts(Buffer.from('no video')), file: await parts(jpeg) }),
    ],
    ['uploadProfilePhoto', 'BOT_INVALID', async () => ({ bot: { _: 'inputUserSelf' } as const })],
  ] as const)('%s refuses %s', async (_, error, call) => {
    const text = error.replace(/_\d+_/, '_%d_')
    await expect(upload(await call())).rejects.toMatchObject({
      text: expect.stringMatching(`${text}|${error}`),
    })
  })

  it('uploadProfilePhoto refuses PHOTO_INVALID of a strip', async () => {
    const strip = await picture({ width: 2_100, height: 100 })
    await refused(upload({ file: await parts(strip) }), 'PHOTO_INVALID')
  })

  it('updateProfilePhoto refuses FILE_REFERENCE_INVALID, PHOTO_ID_INVALID and LOCATION_INVALID', async () => {
    const { alice } = couple
    const { photo } = await upload({ file: await parts(jpeg) })
    const { id, accessHash, fileReference } = photo as tl.RawPhoto
    const named = { _: 'inputPhoto', id, accessHash, fileReference } as const
    const show = (change: Partial<tl.RawInputPhoto>) =>
      alice.client.call({ _: 'photos.updateProfilePhoto', id: { ...named, ...change } })
    await refused(show({ accessHash: Long.ONE }), 'PHOTO_ID_INVALID')
    await refused(show({ fileReference: randomBytes(17) }), 'FILE_REFERENCE_INVALID')
    const bot = { _: 'inputUserSelf' } as const
    await refused(alice.client.call({ _: 'photos.updateProfilePhoto', id: named, bot }), 'LOCATION_INVALID')
    expect(await show({})).toMatchObject({ photo: { id } })
  })

  it('getUserPhotos refuses USER_ID_INVALID and MAX_ID_INVALID', async () => {
    const { alice, bob } = couple
    const userId = (await alice.client.resolveUser(bob.id)) as tl.RawInputUser
    const ask = (change: Partial<tl.photos.RawGetUserPhotosRequest>) =>
      alice.client.call({
        _: 'photos.getUserPhotos',
        userId,
        offset: 0,
        maxId: Long.ZERO,
        limit: 9,
        ...change,
      })
    await refused(ask({ userId: { _: 'inputUserEmpty' } }), 'USER_ID_INVALID')
    await refused(ask({ userId: { ...userId, accessHash: Long.ONE } }), 'USER_ID_INVALID')
    await refused(ask({ maxId: Long.fromNumber(-1) }), 'MAX_ID_INVALID')
  })

  it(
    'uploadProfilePhoto and updateProfilePhoto refuse ALBUM_PHOTOS_TOO_MANY',
    async () => {
      const { alice } = couple
      const { photo: first } = await upload({ file: await parts(jpeg) })
      const { id, accessHash, fileReference } = first as tl.RawPhoto
      const old = { _: 'inputPhoto', id, accessHash, fileReference } as const
      await upload({ file: await parts(jpeg) })
      const count = async () => (await alice.client.getProfilePhotos('me', { limit: 1 })).total
      while ((await count()) < MAX_ALBUM_PHOTOS) await upload({ file: await parts(jpeg) })
      await refused(upload({ file: await parts(jpeg) }), 'ALBUM_PHOTOS_TOO_MANY')
      await refused(alice.client.call({ _: 'photos.updateProfilePhoto', id: old }), 'ALBUM_PHOTOS_TOO_MANY')
    },
    SLOW_MS,
  )

  it('getFile refuses PEER_ID_INVALID, CHANNEL_INVALID and LOCATION_INVALID of photos that are not there', async () => {
    const { alice } = couple
    const get = (location: tl.TypeInputFileLocation) =>
      alice.client.call({ _: 'upload.getFile', location, offset: 0, limit: 4 * KIB })
    const of = (peer: tl.TypeInputPeer) =>
      get({ _: 'inputPeerPhotoFileLocation', peer, photoId: Long.fromNumber(5) })
    await refused(of({ _: 'inputPeerEmpty' }), 'PEER_ID_INVALID')
    await refused(of({ _: 'inputPeerChannel', channelId: 5, accessHash: Long.ONE }), 'CHANNEL_INVALID')
    await refused(of({ _: 'inputPeerSelf' }), 'LOCATION_INVALID')
    await refused(get({ _: 'inputTakeoutFileLocation' }), 'LOCATION_INVALID')
  })

  it('getFileHashes refuses LOCATION_INVALID and OFFSET_INVALID', async () => {
    const { alice } = couple
    const sent = await alice.client.sendMedia(
      'me',
      InputMedia.document(randomBytes(9), { fileName: 'h.bin' }),
    )
    const { document } = (sent.raw as tl.RawMessage).media as tl.RawMessageMediaDocument
    const { id, accessHash, fileReference } = document as tl.RawDocument
    const location = { _: 'inputDocumentFileLocation', id, accessHash, fileReference, thumbSize: '' } as const
    const hashes = (change: Partial<tl.RawInputDocumentFileLocation>, offset = 0) => {
      const at = Long.fromNumber(offset) as never
      return alice.client.call({
        _: 'upload.getFileHashes',
        location: { ...location, ...change },
        offset: at,
      })
    }
    expect(await hashes({})).toHaveLength(1)
    await refused(hashes({ thumbSize: 'x' }), 'LOCATION_INVALID')
    await refused(hashes({}, -1), 'OFFSET_INVALID')
  })
})
