import { gzipSync } from 'node:zlib'
import { picture, webm } from '@heliograph/gateway/media/samples'
import type { Tl } from '@heliograph/schemas/tl'
import { beforeAll, describe, expect, it } from 'vitest'
import { newChannel, promote } from './chats.ts'
import { fill } from './crowd.ts'
import { kept, upload } from './files.ts'
import type { Person } from './person.ts'
import { refuses, refusesEach } from './refuses.ts'
import { NO_CHANNEL, NO_USER, ownScene, userByMessage } from './scene.ts'

const SELF = { _: 'inputUserSelf' } as const
const NO_SET = { _: 'inputStickerSetShortName', shortName: 'nothing_of_that_kind' } as const
/** The beginnings of what is meant, without the rest. */
const NO_LOTTIE = gzipSync('{}')
const NO_VIDEO = Buffer.from('1a45dfa3', 'hex')
/** Members that a group has before it may choose stickers. */
const MIN_STICKERS_MEMBERS = 100
const MAX_VIDEO_BYTES = 256 * 1024

describe('stickers', () => {
  const s = ownScene()
  let png: Tl<'inputDocument'>
  let broken: Buffer
  let brokenThumb: Buffer
  const item = (document: Tl<'inputDocument'>) =>
    ({ _: 'inputStickerSetItem', document, emoji: '🙂' }) as const
  const set = { _: 'inputStickerSetShortName', shortName: 'alices_set' } as const
  beforeAll(async () => {
    const whole = await picture({ width: 512, height: 512, format: 'png' })
    broken = whole.subarray(0, whole.length / 2)
    const thumb = await picture({ width: 100, height: 100, format: 'png' })
    brokenThumb = thumb.subarray(0, thumb.length / 2)
    png = await kept(s.alice, whole, 'image/png')
    await s.alice.call('stickers.createStickerSet', {
      userId: SELF,
      title: 'Set',
      shortName: set.shortName,
      stickers: [item(png)],
    })
  })

  const of = async (mimeType: string, bytes: Uint8Array = Buffer.from('nothing of that kind')) =>
    item(await kept(s.alice, bytes, mimeType))

  const loose = () => of('text/plain')

  refuses('stickers.createStickerSet', async () => {
    const fresh = { userId: SELF, title: 'Set', shortName: 'another_set', stickers: [item(png)] } as const
    return {
      PACK_SHORT_NAME_INVALID: [s.alice, { ...fresh, shortName: '1' }],
      PACK_SHORT_NAME_OCCUPIED: [s.alice, { ...fresh, shortName: set.shortName }],
      PACK_TITLE_INVALID: [s.alice, { ...fresh, title: '' }],
      STICKER_EMOJI_INVALID: [s.alice, { ...fresh, stickers: [{ ...item(png), emoji: 'x' }] }],
      STICKER_FILE_INVALID: [s.alice, { ...fresh, stickers: [await of('text/plain')] }],
      STICKER_PNG_DIMENSIONS: [
        s.alice,
        {
          ...fresh,
          stickers: [await of('image/png', await picture({ width: 64, height: 64, format: 'png' }))],
        },
      ],
      STICKER_PNG_NOPNG: [s.alice, { ...fresh, stickers: [await of('image/png', broken)] }],
      STICKER_TGS_NOTGS: [s.alice, { ...fresh, stickers: [await of('application/x-tgsticker', NO_LOTTIE)] }],
      STICKER_THUMB_PNG_NOPNG: [s.alice, { ...fresh, thumb: (await of('image/png', brokenThumb)).document }],
      STICKER_THUMB_TGS_NOTGS: [
        s.alice,
        { ...fresh, thumb: (await of('application/x-tgsticker', NO_LOTTIE)).document },
      ],
      STICKER_VIDEO_BIG: [
        s.alice,
        {
          ...fresh,
          stickers: [await of('video/webm', Buffer.concat([NO_VIDEO, Buffer.alloc(MAX_VIDEO_BYTES)]))],
        },
      ],
      STICKER_VIDEO_NOWEBM: [s.alice, { ...fresh, stickers: [await of('video/webm', NO_VIDEO)] }],
      STICKERS_EMPTY: [s.alice, { ...fresh, stickers: [] }],
      USER_ID_INVALID: [s.alice, { ...fresh, userId: NO_USER }],
    }
  })

  /** A large group, of which both administrators are anonymous. */
  const masked = async () => {
    const group = await newChannel(s.bob, { megagroup: true }, [s.alice])
    for (const admin of [s.alice, s.bob])
      await promote(s.bob, group, admin, { anonymous: true, changeInfo: true })
    await fill(s.world, group, MIN_STICKERS_MEMBERS)
    return group
  }
  const choice = (who: Person, group: number) => ({ channel: who.channel(group), stickerset: set })
  refusesEach('STICKERSET_OWNER_ANONYMOUS', 'of an administrator whom nobody is to know by its own set', {
    'channels.setStickers': async () => [s.alice, choice(s.alice, await masked())],
  })
  it('are chosen by an anonymous administrator where they are not its own', async () => {
    expect(await s.bob.call('channels.setStickers', choice(s.bob, await masked()))).toBe(true)
  })

  refusesEach('STICKER_INVALID', 'that are in no set', {
    'stickers.changeSticker': async () => [s.alice, { sticker: (await loose()).document, emoji: '🙂' }],
    'stickers.changeStickerPosition': async () => [
      s.alice,
      { sticker: (await loose()).document, position: 0 },
    ],
    'stickers.removeStickerFromSet': async () => [s.alice, { sticker: (await loose()).document }],
  })
  refusesEach('STICKERSET_INVALID', 'that there is not', {
    'stickers.renameStickerSet': () => [s.alice, { stickerset: NO_SET, title: 'Set' }],
  })
  refusesEach('STICKER_ID_INVALID', 'that are none', {
    'messages.faveSticker': async () => [s.alice, { id: (await loose()).document, unfave: false }],
    'messages.saveRecentSticker': async () => [s.alice, { id: (await loose()).document, unsave: false }],
  })

  describe.skipIf(process.env.HELIOGRAPH_NO_FFMPEG === '1')('of a video', () => {
    refuses('stickers.createStickerSet', async () => ({
      STICKER_GIF_DIMENSIONS: [
        s.alice,
        {
          userId: SELF,
          title: 'Set',
          shortName: 'video_set',
          stickers: [await of('video/webm', await webm('64x64', 1))],
        },
      ],
    }))
  })

  refuses('stickers.addStickerToSet', async () => ({
    STICKER_PNG_NOPNG: [s.alice, { stickerset: set, sticker: await of('image/png', broken) }],
    STICKER_TGS_NOTGS: [
      s.alice,
      { stickerset: set, sticker: await of('application/x-tgsticker', NO_LOTTIE) },
    ],
    STICKERSET_INVALID: [s.alice, { stickerset: NO_SET, sticker: item(png) }],
  }))

  refuses('stickers.setStickerSetThumb', async () => ({
    STICKER_THUMB_PNG_NOPNG: [
      s.alice,
      { stickerset: set, thumb: (await of('image/png', brokenThumb)).document },
    ],
    STICKER_THUMB_TGS_NOTGS: [
      s.alice,
      { stickerset: set, thumb: (await of('application/x-tgsticker', NO_LOTTIE)).document },
    ],
    STICKERSET_INVALID: [s.alice, { stickerset: NO_SET }],
  }))

  refuses('stickers.checkShortName', () => ({
    SHORT_NAME_INVALID: [s.alice, { shortName: '1' }],
    SHORT_NAME_OCCUPIED: [s.alice, { shortName: set.shortName }],
  }))

  refuses('stickers.suggestShortName', () => ({ TITLE_INVALID: [s.alice, { title: '' }] }))

  refuses('messages.getStickerSet', () => ({
    EMOTICON_STICKERPACK_MISSING: [
      s.alice,
      { hash: 0, stickerset: { _: 'inputStickerSetDice', emoticon: '' } },
    ],
    STICKERSET_INVALID: [s.alice, { hash: 0, stickerset: NO_SET }],
  }))

  refuses('messages.installStickerSet', () => ({
    STICKERSET_INVALID: [s.alice, { stickerset: NO_SET, archived: false }],
  }))

  refuses('messages.uninstallStickerSet', () => ({ STICKERSET_INVALID: [s.alice, { stickerset: NO_SET }] }))

  refuses('messages.getStickers', () => ({ EMOTICON_EMPTY: [s.alice, { emoticon: '', hash: 0n }] }))

  refuses('messages.searchCustomEmoji', () => ({ EMOTICON_EMPTY: [s.alice, { emoticon: '', hash: 0n }] }))

  refuses('messages.getDocumentByHash', () => ({
    SHA256_HASH_INVALID: [s.alice, { sha256: new Uint8Array(5), size: 1, mimeType: 'text/plain' }],
  }))

  refuses(
    'messages.editChatPhoto',
    async () => {
      const uploaded = async (bytes: Uint8Array) =>
        ({ _: 'inputChatUploadedPhoto', file: await upload(s.alice, bytes) }) as const
      return {
        PHOTO_EXT_INVALID: [s.alice, { chatId: s.group, photo: await uploaded(Buffer.from('no picture')) }],
      }
    },
    'of what is no picture',
  )

  refuses(
    'upload.getFile',
    () => {
      const range = { offset: 0, limit: 4096 } as const
      const at = (peer: Tl<'inputPeerPhotoFileLocation'>['peer']) =>
        ({ ...range, location: { _: 'inputPeerPhotoFileLocation', peer, photoId: 1n } }) as const
      return {
        CHANNEL_INVALID: [s.alice, at(NO_CHANNEL)],
        MSG_ID_INVALID: [s.bob, at({ ...userByMessage(s, s.bob), _: 'inputPeerUserFromMessage' })],
        PEER_ID_INVALID: [s.alice, at({ _: 'inputPeerEmpty' })],
      }
    },
    'of a photo of a chat',
  )

  refuses('upload.getWebFile', () => ({
    LOCATION_INVALID: [
      s.alice,
      {
        offset: 0,
        limit: 4096,
        location: { _: 'inputWebFileLocation', url: 'https://example.com', accessHash: 1n },
      },
    ],
  }))

  refuses('help.getUserInfo', () => ({ USER_INVALID: [s.alice, { userId: NO_USER }] }))

  refuses('help.acceptTermsOfService', () => ({
    DATA_JSON_INVALID: [s.alice, { id: { _: 'dataJSON', data: '{' } }],
  }))
})
