import { createHash, randomBytes } from 'node:crypto'
import { InputMedia, Long, type Message, type tl } from '@mtcute/node'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endCouple, startCouple } from './couple.ts'
import { eventually } from './eventually.ts'
import type { Member } from './people.ts'
import type { ServerProcess } from './server.ts'

const KIB = 1024
const MIB = 1024 * KIB
const LARGE_TIMEOUT_MS = 240_000
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** A picture that is not all of one colour. */
const picture = (width: number, height: number) =>
  sharp(randomBytes(48), { raw: { width: 4, height: 4, channels: 3 } })
    .resize(width, height)
    .jpeg()
    .toBuffer()

describe('files, seen from mtcute', () => {
  let server: ServerProcess
  let alice: Member
  let bob: Member

  beforeAll(async () => {
    ;({ server, alice, bob } = await startCouple({ acquainted: true }))
  })
  afterAll(() => endCouple({ server, alice, bob }))

  /** Bob's message with this text. */
  const received = (text: string): Promise<Message> =>
    eventually(`Bob gets ${text}`, async () =>
      (await bob.client.getHistory(alice.id, { limit: 30 })).find((message) => message.text === text),
    )
  /** The bytes of a message's file, as the member downloads them. */
  const bytesOf = async (member: Member, { media }: Message): Promise<Buffer> => {
    if (media === null || !('fileId' in media)) throw new Error(`no file: ${media?.type}`)
    return Buffer.from(await member.client.downloadAsBuffer(media))
  }
  const location = ({ media }: Message): tl.RawInputDocumentFileLocation => {
    if (media?.type !== 'document') throw new Error(`no document: ${media?.type}`)
    const { id, accessHash, fileReference } = media.raw as tl.RawDocument
    return { _: 'inputDocumentFileLocation', id, accessHash, fileReference, thumbSize: '' }
  }

  it('a document comes as it was sent', async () => {
    const bytes = randomBytes(3 * MIB + 12_345)
    const media = InputMedia.document(bytes, { fileName: 'letters.bin', caption: 'a document' })
    const sent = await alice.client.sendMedia(bob.id, media)
    const message = await received('a document')
    expect(message.media).toMatchObject({ type: 'document', fileName: 'letters.bin', fileSize: bytes.length })
    expect(sha256(await bytesOf(bob, message))).toBe(sha256(bytes))
    expect(sha256(await bytesOf(alice, sent))).toBe(sha256(bytes))
  })

  it('a photo comes in its sizes', async () => {
    const photo = InputMedia.photo(await picture(1600, 900), { caption: 'a photo', fileName: 'p.jpg' })
    await alice.client.sendMedia(bob.id, photo)
    const { media } = await received('a photo')
    if (media?.type !== 'photo') throw new Error(`unexpected ${media?.type}`)
    expect(media.width).toBeGreaterThanOrEqual(1280)
    expect(media.thumbnails.length).toBeGreaterThanOrEqual(3)
    for (const size of media.thumbnails) {
      if (size.isVideo || size.type === 'i') continue
      const { width, height, format } = await sharp(await bob.client.downloadAsBuffer(size)).metadata()
      expect({ width, height, format }).toEqual({ width: size.width, height: size.height, format: 'jpeg' })
    }
  })

  it(
    'a video of 60 MiB comes as it was sent, streamed without a known size',
    async () => {
      const bytes = randomBytes(60 * MIB + 1)
      // A web stream: its length is not known before its end.
      const made = new Blob([bytes]).stream()
      const video = InputMedia.video(made, {
        fileName: 'long.mp4',
        fileMime: 'video/mp4',
        caption: 'a video',
        duration: 10,
        width: 640,
        height: 360,
      })
      await alice.client.sendMedia(bob.id, video)
      const message = await received('a video')
      expect(message.media).toMatchObject({ type: 'video', fileSize: bytes.length })
      expect(sha256(await bytesOf(bob, message))).toBe(sha256(bytes))
    },
    LARGE_TIMEOUT_MS,
  )

  it('a voice note and a sticker are what they were sent as', async () => {
    const voice = randomBytes(30_000)
    const note = InputMedia.voice(voice, { duration: 3, fileMime: 'audio/ogg', caption: 'a voice' })
    await alice.client.sendMedia(bob.id, note)
    const spoken = await received('a voice')
    expect(spoken.media).toMatchObject({ type: 'voice', duration: 3 })
    expect((await bytesOf(bob, spoken)).equals(voice)).toBe(true)

    const webp = await sharp(await picture(512, 512))
      .webp()
      .toBuffer()
    const sent = await alice.client.sendMedia(
      bob.id,
      InputMedia.sticker(webp, { alt: '🙂', fileMime: 'image/webp', fileName: 'sticker.webp' }),
    )
    expect(sent.media).toMatchObject({ type: 'sticker', emoji: '🙂' })
    expect((await bytesOf(alice, sent)).equals(webp)).toBe(true)
  })

  it('an album is messages of one group', async () => {
    const media = [
      InputMedia.photo(await picture(300, 200), { caption: 'first of the album' }),
      InputMedia.photo(await picture(200, 300), { caption: 'second of the album' }),
    ]
    const sent = await alice.client.sendMediaGroup(bob.id, media)
    expect(sent).toHaveLength(2)
    const [first, second] = [await received('first of the album'), await received('second of the album')]
    expect(first.groupedId).not.toBeNull()
    expect(first.groupedIdUnique).toBe(second.groupedIdUnique)
    const mixed = [InputMedia.photo(await picture(300, 200)), InputMedia.document(randomBytes(100))]
    await expect(alice.client.sendMediaGroup(bob.id, mixed)).rejects.toMatchObject({ text: 'MEDIA_INVALID' })
  })

  it('what was received can be sent on by its id, and edited into something else', async () => {
    const bytes = randomBytes(50_000)
    await alice.client.sendMedia(
      bob.id,
      InputMedia.document(bytes, { fileName: 'a.bin', caption: 'pass on' }),
    )
    const message = await received('pass on')
    if (message.media?.type !== 'document') throw new Error('no document')
    const again = await bob.client.sendMedia('me', message.media.inputMedia)
    expect((await bytesOf(bob, again)).equals(bytes)).toBe(true)
    const other = randomBytes(40_000)
    const edited = await bob.client.editMessage({
      chatId: 'me',
      message: again.id,
      media: InputMedia.document(other, { fileName: 'b.bin' }),
    })
    expect((await bytesOf(bob, edited)).equals(other)).toBe(true)
  })

  it('a file is only for those who have seen it, and only as far as there is of it', async () => {
    const bytes = randomBytes(300_000)
    const media = InputMedia.document(bytes, { fileName: 'c.bin', caption: 'of parts' })
    await alice.client.sendMedia(bob.id, media)
    const place = location(await received('of parts'))
    const part = (more: Partial<tl.upload.RawGetFileRequest>, member = bob) =>
      member.client.call({ _: 'upload.getFile', location: place, offset: 0, limit: MIB, ...more })
    const bytesAt = async (more: Partial<tl.upload.RawGetFileRequest>) => {
      const file = await part(more)
      return file._ === 'upload.file' ? Buffer.from(file.bytes) : undefined
    }
    expect(await bytesAt({ offset: 4 * KIB, limit: 4 * KIB })).toEqual(bytes.subarray(4 * KIB, 8 * KIB))
    expect(await bytesAt({ offset: KIB, limit: 3 * KIB, precise: true })).toEqual(
      bytes.subarray(KIB, 4 * KIB),
    )
    expect(await bytesAt({ offset: MIB })).toHaveLength(0)
    const refused = (text: string) => ({ text })
    await expect(part({ offset: 100 })).rejects.toMatchObject(refused('OFFSET_INVALID'))
    await expect(part({ limit: 5 * KIB })).rejects.toMatchObject(refused('LIMIT_INVALID'))
    await expect(part({ limit: 12 * KIB })).rejects.toMatchObject(refused('LIMIT_INVALID'))
    await expect(part({ limit: 2 * MIB, precise: true })).rejects.toMatchObject(refused('LIMIT_INVALID'))
    const named = (change: Partial<tl.RawInputDocumentFileLocation>) =>
      part({ location: { ...place, ...change } })
    await expect(part({}, alice)).rejects.toMatchObject(refused('FILE_ID_INVALID'))
    await expect(named({ accessHash: Long.fromNumber(1) })).rejects.toMatchObject(refused('FILE_ID_INVALID'))
    await expect(named({ fileReference: new Uint8Array(0) })).rejects.toMatchObject(
      refused('FILE_REFERENCE_EMPTY'),
    )
    const forged = Uint8Array.from(place.fileReference)
    forged[1]! ^= 1
    await expect(named({ fileReference: forged })).rejects.toMatchObject(refused('FILE_REFERENCE_INVALID'))
    await expect(named({ thumbSize: 'x' })).rejects.toMatchObject(refused('LOCATION_INVALID'))
    const hashes = await bob.client.call({
      _: 'upload.getFileHashes',
      location: place,
      offset: Long.ZERO as never,
    })
    const first = bytes.subarray(0, 128 * KIB)
    expect(hashes[0]).toMatchObject({ limit: first.length })
    expect(Buffer.from(hashes[0]!.hash)).toEqual(createHash('sha256').update(first).digest())
    expect(hashes).toHaveLength(3)
    // Some clients ask for exactly what a hash is of, the last one included.
    for (const { offset, limit } of hashes.map((each) => ({
      offset: Number(each.offset),
      limit: each.limit,
    })))
      expect(await bytesAt({ offset, limit, precise: true })).toEqual(bytes.subarray(offset, offset + limit))
    const last = { offset: 256 * KIB, limit: bytes.length - 256 * KIB }
    for (const limit of [last.limit - 1, last.limit + 1])
      await expect(part({ ...last, limit, precise: true })).rejects.toMatchObject(refused('LIMIT_INVALID'))
    await expect(part(last)).rejects.toMatchObject(refused('LIMIT_INVALID'))
  })

  it('a thumb of no parts is none', async () => {
    const fileId = Long.fromNumber(79)
    await alice.client.call({ _: 'upload.saveFilePart', fileId, filePart: 0, bytes: new Uint8Array(10) })
    const none = { _: 'inputFile', id: Long.ZERO, parts: 0, name: '', md5Checksum: '' } as const
    const media = await alice.client.call({
      _: 'messages.uploadMedia',
      peer: { _: 'inputPeerSelf' },
      media: {
        _: 'inputMediaUploadedDocument',
        file: { ...none, id: fileId, parts: 1, name: 'x' },
        thumb: none,
        mimeType: 'text/plain',
        attributes: [],
      },
    })
    expect(media).toMatchObject({ _: 'messageMediaDocument', document: { _: 'document', size: 10 } })
  })

  it('parts and files that cannot be are refused', async () => {
    const fileId = Long.fromNumber(77)
    const small = (filePart: number, bytes: Uint8Array) =>
      alice.client.call({ _: 'upload.saveFilePart', fileId, filePart, bytes })
    const big = (filePart: number, fileTotalParts: number, size: number) => {
      const bytes = new Uint8Array(size)
      return alice.client.call({
        _: 'upload.saveBigFilePart',
        fileId: Long.fromNumber(78),
        filePart,
        fileTotalParts,
        bytes,
      })
    }
    const send = (parts: number, md5Checksum = '') =>
      alice.client.call({
        _: 'messages.uploadMedia',
        peer: { _: 'inputPeerSelf' },
        media: {
          _: 'inputMediaUploadedDocument',
          file: { _: 'inputFile', id: fileId, parts, name: 'x', md5Checksum },
          mimeType: 'text/plain',
          attributes: [],
        },
      })
    const refused = (text: string) => ({ text })
    await expect(small(0, new Uint8Array(0))).rejects.toMatchObject(refused('FILE_PART_EMPTY'))
    await expect(small(4000, new Uint8Array(1))).rejects.toMatchObject(refused('FILE_PART_INVALID'))
    await expect(small(0, new Uint8Array(512 * KIB + 4))).rejects.toMatchObject(refused('FILE_PART_TOO_BIG'))
    await expect(big(0, 5000, KIB)).rejects.toMatchObject(refused('FILE_PARTS_INVALID'))
    await expect(big(2, 2, KIB)).rejects.toMatchObject(refused('FILE_PART_INVALID'))
    await expect(big(0, 2, 1500)).rejects.toMatchObject(refused('FILE_PART_SIZE_INVALID'))
    await expect(big(0, 2, 500)).rejects.toMatchObject(refused('FILE_PART_TOO_SMALL'))
    expect(await big(0, 3, 2 * KIB)).toBe(true)
    await expect(big(1, 3, KIB)).rejects.toMatchObject(refused('FILE_PART_SIZE_CHANGED'))
    expect(await small(0, new Uint8Array(KIB))).toBe(true)
    await expect(send(0)).rejects.toMatchObject(refused('FILE_PARTS_INVALID'))
    await expect(send(2)).rejects.toMatchObject({ text: expect.stringContaining('MISSING') })
    expect(await small(1, new Uint8Array(2 * KIB))).toBe(true)
    await expect(send(2)).rejects.toMatchObject(refused('FILE_PART_LENGTH_INVALID'))
    expect(await small(1, new Uint8Array(100))).toBe(true)
    await expect(send(2, 'ff')).rejects.toMatchObject(refused('MD5_CHECKSUM_INVALID'))
    const whole = new Uint8Array(KIB + 100)
    const kept = await send(2, createHash('md5').update(whole).digest('hex'))
    const document = kept._ === 'messageMediaDocument' ? kept.document : undefined
    expect(document).toMatchObject({ _: 'document', size: KIB + 100, mimeType: 'text/plain' })
    // Repeated, as by a client that has not heard the answer: the same document.
    const again = await send(2)
    expect(again).toMatchObject({ document: { id: (document as tl.RawDocument).id } })
    const found = (member: Member) =>
      member.client.call({
        _: 'messages.getDocumentByHash',
        sha256: createHash('sha256').update(whole).digest(),
        size: whole.length,
        mimeType: 'text/plain',
      })
    expect(await found(alice)).toMatchObject({ _: 'document' })
    expect(await found(bob)).toMatchObject({ _: 'documentEmpty' })
  })

  it('a profile has a photo, which others see, and can be without it again', async () => {
    await alice.client.setMyProfilePhoto({ type: 'photo', media: await picture(640, 640) })
    const seen = await eventually('Bob sees the photo', async () => {
      const [user] = await bob.client.getUsers([alice.id])
      return user?.photo ?? undefined
    })
    const small = await sharp(await bob.client.downloadAsBuffer(seen.small)).metadata()
    expect(small).toMatchObject({ format: 'jpeg', width: 160, height: 160 })
    const photos = await bob.client.getProfilePhotos(alice.id)
    expect(photos).toHaveLength(1)
    const mine = await alice.client.getProfilePhotos('me')
    await alice.client.deleteProfilePhotos(mine.map((photo) => photo.fileId))
    await eventually(
      'it is gone for Bob',
      async () => (await bob.client.getUsers([alice.id]))[0]?.photo === null,
    )
    expect(await bob.client.getProfilePhotos(alice.id)).toHaveLength(0)
  })

  it('a group has a photo, which is only its own', async () => {
    const { chat } = await alice.client.createGroup({ title: 'Pictures', users: [bob.id] })
    await alice.client.setChatPhoto({ chatId: chat.id, type: 'photo', media: await picture(640, 640) })
    const shown = await eventually('Bob sees the photo', async () => {
      const found = (await bob.client.getChat(chat.id)).photo
      return found ?? undefined
    })
    const small = await sharp(await bob.client.downloadAsBuffer(shown.small)).metadata()
    expect(small).toMatchObject({ format: 'jpeg', width: 160 })
    const { photoId } = (await bob.client.getChat(chat.id)).photo!.raw as tl.RawChatPhoto
    const asAlices = bob.client.call({
      _: 'upload.getFile',
      location: {
        _: 'inputPeerPhotoFileLocation',
        peer: await bob.client.resolvePeer(alice.id),
        photoId,
      },
      offset: 0,
      limit: 64 * KIB,
    })
    await expect(asAlices).rejects.toMatchObject({ text: 'LOCATION_INVALID' })
  })

  it('a photo of a message becomes one of a group or profile in squares of its own', async () => {
    const { chat } = await alice.client.createGroup({ title: 'Cut', users: [bob.id] })
    const sent = await alice.client.sendMedia(chat.id, InputMedia.photo(await picture(600, 400)))
    if (sent.media?.type !== 'photo') throw new Error(`unexpected ${sent.media?.type}`)
    const { id, accessHash, fileReference } = sent.media.raw as tl.RawPhoto
    const named = { _: 'inputPhoto', id, accessHash, fileReference } as const
    const squares = ['a 160', 'b 320', 'c 640']
    const sizesOf = (photo: tl.TypePhoto) =>
      photo._ === 'photo' &&
      photo.sizes.flatMap((size) => (size._ === 'photoSize' ? [`${size.type} ${size.w}`] : []))
    await alice.client.setChatPhoto({ chatId: chat.id, type: 'photo', media: sent.media.inputMedia })
    const { fullChat } = await bob.client.call({ _: 'messages.getFullChat', chatId: -chat.id })
    expect(sizesOf(fullChat.chatPhoto!)).toEqual(squares)
    const mine = await alice.client.call({ _: 'photos.updateProfilePhoto', id: named })
    expect(sizesOf(mine.photo)).toEqual(squares)
  })
})
