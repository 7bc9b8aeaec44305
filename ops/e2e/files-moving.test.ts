import { mp4, picture, song } from '@heliograph/gateway/media/samples'
import { InputMedia, Long, type tl } from '@mtcute/node'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Couple, endCouple, startCouple } from './couple.ts'
import { eventually } from './eventually.ts'
import type { Member } from './people.ts'

const MIB = 1024 * 1024
const SLOW_MS = 240_000

describe('pictures that move, and covers of music, seen from mtcute', () => {
  let couple: Couple
  beforeAll(async () => {
    couple = await startCouple({ acquainted: true })
  })
  afterAll(() => endCouple(couple ?? {}))

  const upload = async (file: Buffer, fileName: string) =>
    (await couple.alice.client.uploadFile({ file, fileName })).inputFile as tl.TypeInputFile

  /** The video of a photo, as its viewer downloads it. */
  async function videoOf(viewer: Member, photo: tl.RawPhoto): Promise<Buffer> {
    const { id, accessHash, fileReference } = photo
    const location = { _: 'inputPhotoFileLocation', id, accessHash, fileReference, thumbSize: 'u' } as const
    const file = await viewer.client.call({ _: 'upload.getFile', location, offset: 0, limit: MIB })
    if (file._ !== 'upload.file') throw new Error(file._)
    expect(file.type).toEqual({ _: 'storage.fileMp4' })
    return Buffer.from(file.bytes)
  }
  const isMp4 = (bytes: Buffer) => bytes.toString('latin1', 4, 8) === 'ftyp'
  const photosOf = async (viewer: Member, of: Member) => {
    const userId = await viewer.client.resolveUser(of.id)
    const found = await viewer.client.call({
      _: 'photos.getUserPhotos',
      userId,
      offset: 0,
      maxId: Long.ZERO,
      limit: 10,
    })
    return found.photos as tl.RawPhoto[]
  }

  it(
    'a profile has a video, which others see move and rest',
    async () => {
      const { alice, bob } = couple
      const video = await upload(await mp4('96x64', 1), 'me.mp4')
      const call = { _: 'photos.uploadProfilePhoto', video, videoStartTs: 0.5 } as const
      const made = (await alice.client.call(call)).photo as tl.RawPhoto
      expect(made.videoSizes).toMatchObject([{ _: 'videoSize', type: 'u', w: 64, h: 64, videoStartTs: 0.5 }])
      // Repeated, as by a client that has not heard the answer: the same photo.
      expect(((await alice.client.call(call)).photo as tl.RawPhoto).id).toEqual(made.id)
      const seen = await eventually('Bob sees it', async () => (await photosOf(bob, alice))[0])
      expect(seen.videoSizes).toHaveLength(1)
      expect(isMp4(await videoOf(bob, seen))).toBe(true)
      const [user] = await bob.client.getUsers([alice.id])
      expect(user?.photo?.raw).toMatchObject({ hasVideo: true })
      expect(await sharp(await bob.client.downloadAsBuffer(user!.photo!.big)).metadata()).toMatchObject({
        format: 'jpeg',
        width: 640,
        height: 640,
      })
    },
    SLOW_MS,
  )

  it(
    'a group has a video beside a picture of its own',
    async () => {
      const { alice, bob } = couple
      const { chat } = await alice.client.createGroup({ title: 'Moving', users: [bob.id] })
      const file = await upload(await picture({ width: 200, height: 200 }), 'still.jpg')
      const video = await upload(await mp4('64x64', 1), 'group.mp4')
      await alice.client.call({
        _: 'messages.editChatPhoto',
        chatId: Math.abs(chat.id),
        photo: { _: 'inputChatUploadedPhoto', file, video, videoStartTs: 0 },
      })
      const raw = await eventually('Bob sees it', async () => {
        const found = await bob.client.call({ _: 'messages.getFullChat', chatId: Math.abs(chat.id) })
        const { chatPhoto } = found.fullChat as tl.RawChatFull
        return chatPhoto?._ === 'photo' ? chatPhoto : undefined
      })
      expect(raw.sizes.find((size) => size._ === 'photoSize' && size.type === 'b')).toMatchObject({ w: 320 })
      expect(isMp4(await videoOf(bob, raw))).toBe(true)
      expect((await bob.client.getChat(chat.id)).photo?.raw).toMatchObject({ hasVideo: true })
    },
    SLOW_MS,
  )

  it(
    'a profile is an emoji before colours: uploadProfilePhoto refuses EMOJI_MARKUP_INVALID',
    async () => {
      const { alice, bob } = couple
      const webp = await picture({ width: 100, height: 100, format: 'webp', channels: 4 })
      const media = InputMedia.sticker(webp, { alt: '🙂', fileMime: 'image/webp', fileName: 's.webp' })
      const sent = await alice.client.sendMedia('me', media)
      const { document } = (sent.raw as tl.RawMessage).media as tl.RawMessageMediaDocument
      const { id, accessHash, fileReference } = document as tl.RawDocument
      const set = await alice.client.call({
        _: 'stickers.createStickerSet',
        emojis: true,
        userId: { _: 'inputUserSelf' },
        title: 'Faces',
        shortName: 'faces_of_alice',
        stickers: [
          {
            _: 'inputStickerSetItem',
            document: { _: 'inputDocument', id, accessHash, fileReference },
            emoji: '🙂',
          },
        ],
      })
      const { documents, set: about } = set as tl.messages.RawStickerSet
      const emojiId = documents[0]!.id
      const backgroundColors = [0x00ff00, 0x0000ff]
      const markup = { _: 'videoSizeEmojiMarkup' as const, emojiId, backgroundColors }
      const show = (videoEmojiMarkup: tl.TypeVideoSize) =>
        alice.client.call({ _: 'photos.uploadProfilePhoto', videoEmojiMarkup })
      const made = (await show(markup)).photo as tl.RawPhoto
      expect(made.videoSizes).toMatchObject([
        { _: 'videoSizeEmojiMarkup', backgroundColors: [0x00ff00, 0x0000ff] },
      ])
      const seen = await eventually('Bob sees it', async () =>
        (await photosOf(bob, alice)).find((photo) => photo.id.eq(made.id)),
      )
      expect(seen.sizes.find((size) => size._ === 'photoSize' && size.type === 'c')).toMatchObject({ w: 640 })
      const stickerset = { _: 'inputStickerSetID', id: about.id, accessHash: about.accessHash } as const
      const sticker = {
        _: 'videoSizeStickerMarkup' as const,
        stickerset,
        stickerId: emojiId,
        backgroundColors,
      }
      for (const wrong of [
        { ...markup, backgroundColors: [] },
        { ...markup, backgroundColors: [1, 2, 3, 4, 5] },
        { ...markup, backgroundColors: [-1] },
        { ...markup, emojiId: Long.fromNumber(5) },
        { ...markup, emojiId: id },
        { ...sticker, stickerId: id },
        { ...sticker, stickerset: { ...stickerset, accessHash: Long.ONE } },
        { _: 'videoSize', type: 'u', w: 1, h: 1, size: 1 } as const,
      ])
        await expect(show(wrong)).rejects.toMatchObject({ text: 'EMOJI_MARKUP_INVALID' })
    },
    SLOW_MS,
  )

  it(
    'music shows the picture that lies in it: getWebFile refuses DOCUMENT_INVALID for what is none',
    async () => {
      const { alice, bob } = couple
      const send = async (bytes: Buffer, fileName: string, fileMime: string) => {
        const extra = { duration: 1, title: 'Song', performer: 'Alice' }
        const audio = InputMedia.audio(bytes, { fileName, fileMime, caption: fileName, ...extra })
        await alice.client.sendMedia(
          bob.id,
          fileMime === 'audio/mpeg' ? audio : InputMedia.document(bytes, { fileName, caption: fileName }),
        )
        const message = await eventually(`Bob gets ${fileName}`, async () =>
          (await bob.client.getHistory(alice.id, { limit: 9 })).find(({ text }) => text === fileName),
        )
        const { document } = (message.raw as tl.RawMessage).media as tl.RawMessageMediaDocument
        const { id, accessHash, fileReference } = document as tl.RawDocument
        return { _: 'inputDocument', id, accessHash, fileReference } as const
      }
      const cover = (location: Partial<tl.RawInputWebFileAudioAlbumThumbLocation>) =>
        bob.client.call({
          _: 'upload.getWebFile',
          location: { _: 'inputWebFileAudioAlbumThumbLocation', ...location },
          offset: 0,
          limit: MIB,
        })
      const document = await send(
        await song(await picture({ width: 300, height: 200 })),
        'song.mp3',
        'audio/mpeg',
      )
      const file = await cover({ document })
      expect(file).toMatchObject({ mimeType: 'image/jpeg', size: file.bytes.length })
      expect(await sharp(file.bytes).metadata()).toMatchObject({ width: 300, height: 200 })
      const bare = await send(await song(), 'bare.mp3', 'audio/mpeg')
      const text = await send(Buffer.from('text'), 'a.txt', 'text/plain')
      const point = {
        _: 'inputWebFileGeoPointLocation',
        geoPoint: { _: 'inputGeoPoint', lat: 1, long: 1 },
        ...{ accessHash: Long.ZERO, w: 10, h: 10, zoom: 13, scale: 1 },
      } as const
      for (const [location, refused] of [
        [cover({ document: bare }), 'LOCATION_INVALID'],
        [cover({ title: 'Song', performer: 'Alice' }), 'LOCATION_INVALID'],
        [cover({ document: text }), 'DOCUMENT_INVALID'],
        [cover({ document: { ...document, accessHash: Long.ONE } }), 'DOCUMENT_INVALID'],
        [
          bob.client.call({ _: 'upload.getWebFile', location: point, offset: 0, limit: MIB }),
          'LOCATION_INVALID',
        ],
      ] as const)
        await expect(location).rejects.toMatchObject({ text: refused })
    },
    SLOW_MS,
  )

  it(
    'a chat has a wallpaper with a file, which each may name as its own',
    async () => {
      const { alice, bob } = couple
      const file = await upload(await picture({ width: 300, height: 200 }), 'wall.jpg')
      const settings = { _: 'wallPaperSettings' } as const
      const wall = { _: 'account.uploadWallPaper', file, mimeType: 'image/jpeg', settings } as const
      const { slug } = (await alice.client.call(wall)) as tl.RawWallPaper
      await alice.client.call({
        _: 'messages.setChatWallPaper',
        peer: await alice.client.resolvePeer(bob.id),
        wallpaper: { _: 'inputWallPaperSlug', slug },
        settings,
      })
      const told = await eventually('Bob hears of it', async () => {
        const peer = await bob.client.resolvePeer(alice.id)
        const history = await bob.client.call({
          _: 'messages.getHistory',
          peer,
          ...{ offsetId: 0, offsetDate: 0, addOffset: 0, limit: 5, maxId: 0, minId: 0, hash: Long.ZERO },
        })
        const { messages } = history as tl.messages.RawMessages
        const found = messages.find((each) => each._ === 'messageService')
        return found?.action._ === 'messageActionSetChatWallPaper'
          ? { id: found.id, action: found.action }
          : undefined
      })
      const readable = async (viewer: Member, wallpaper: tl.TypeWallPaper | undefined) => {
        const { document } = wallpaper as tl.RawWallPaper
        const { id, accessHash, fileReference } = document as tl.RawDocument
        const location = {
          _: 'inputDocumentFileLocation',
          id,
          accessHash,
          fileReference,
          thumbSize: '',
        } as const
        const given = await viewer.client.call({ _: 'upload.getFile', location, offset: 0, limit: MIB })
        return given._ === 'upload.file' && given.bytes.length > 0
      }
      expect(await readable(bob, told.action.wallpaper)).toBe(true)
      const wallOf = async (viewer: Member, other: Member) => {
        const id = await viewer.client.resolveUser(other.id)
        return (await viewer.client.call({ _: 'users.getFullUser', id })).fullUser.wallpaper
      }
      expect(await readable(alice, await wallOf(alice, bob))).toBe(true)
      const peer = await bob.client.resolvePeer(alice.id)
      await bob.client.call({ _: 'messages.setChatWallPaper', peer, id: told.id })
      const taken = await wallOf(bob, alice)
      expect(await readable(bob, taken)).toBe(true)
      expect((taken as tl.RawWallPaper).creator).not.toBe(true)
    },
    SLOW_MS,
  )
})
