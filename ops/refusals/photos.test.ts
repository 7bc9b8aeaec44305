import { picture } from '@heliograph/gateway/media/samples'
import type { ChatId } from '@heliograph/schemas/avro'
import type { Tl } from '@heliograph/schemas/tl'
import { afterAll, beforeAll, describe } from 'vitest'
import { hang } from './crowd.ts'
import { refuses, refusesEach } from './refuses.ts'
import type { Person } from './system.ts'
import { channelOf, foundTown, type Town } from './town.ts'

const MOST_PHOTOS = 100
const FINE = { width: 320, height: 320 }
/** More than twenty times as long as wide. */
const THREAD = { width: 2_100, height: 100 }
const SMALL = { width: 100, height: 100 }

let town: Town
beforeAll(async () => {
  town = await foundTown()
})
afterAll(() => town.system.stop())

/** What somebody has uploaded as one part. */
async function uploaded(who: Person, bytes: Buffer): Promise<Tl<'inputFile'>> {
  const fileId = who.system.services.random(8).readBigInt64LE()
  await who.call('upload.saveFilePart', { fileId, filePart: 0, bytes })
  return { _: 'inputFile', id: fileId, parts: 1, name: 'picture.jpg', md5Checksum: '' }
}

const NO_PARTS = { _: 'inputFile', id: 1n, parts: 0, name: 'x', md5Checksum: '' } as const
const drawn = async (who: Person, sides: typeof FINE) => uploaded(who, await picture(sides))
const text = (who: Person) => uploaded(who, Buffer.from('no picture at all'))
const damaged = async (who: Person) => uploaded(who, (await picture(FINE)).subarray(0, 400))

const at = (who: Person, chatId: ChatId) => ({ channel: channelOf(who, chatId) })
const chatPhoto = (file: Tl<'inputFile'> | undefined) =>
  ({ photo: { _: 'inputChatUploadedPhoto', ...(file && { file }) } }) as const

/** A photo that somebody has shown, as it may name it. */
async function shown(who: Person): Promise<Tl<'inputPhoto'>> {
  const { photo } = await who.call('photos.uploadProfilePhoto', { file: await drawn(who, FINE) })
  if (photo._ !== 'photo') throw new Error('no photo')
  const { id, accessHash, fileReference } = photo
  return { _: 'inputPhoto', id, accessHash, fileReference }
}

describe('pictures that cannot be taken', () => {
  const square = () => at(town.alice, town.square)

  refusesEach('FILE_PARTS_INVALID', 'of no parts', {
    'channels.editPhoto': () => [town.alice, { ...square(), ...chatPhoto(NO_PARTS) }],
    'photos.uploadProfilePhoto': () => [town.alice, { file: NO_PARTS }],
  })
  refusesEach('PHOTO_EXT_INVALID', 'that are none', {
    'channels.editPhoto': async () => [town.alice, { ...square(), ...chatPhoto(await text(town.alice)) }],
    'photos.uploadProfilePhoto': async () => [town.alice, { file: await text(town.alice) }],
  })
  refusesEach('PHOTO_CROP_SIZE_SMALL', 'that are too small', {
    'channels.editPhoto': async () => [
      town.alice,
      { ...square(), ...chatPhoto(await drawn(town.alice, SMALL)) },
    ],
    'photos.uploadProfilePhoto': async () => [town.alice, { file: await drawn(town.alice, SMALL) }],
  })
  refusesEach('PHOTO_INVALID', 'that are too narrow, or missing', {
    'channels.editPhoto': () => [town.alice, { ...square(), ...chatPhoto(undefined) }],
    'photos.uploadProfilePhoto': async () => [town.alice, { file: await drawn(town.alice, THREAD) }],
  })
  refuses('photos.uploadProfilePhoto', 'IMAGE_PROCESS_FAILED', 'that are damaged', async () => [
    town.alice,
    { file: await damaged(town.alice) },
  ])
  refuses('photos.uploadProfilePhoto', 'PHOTO_FILE_MISSING', 'that are not there', () => [town.alice, {}])
  refuses('photos.uploadProfilePhoto', 'VIDEO_FILE_INVALID', 'that move, and are no video', async () => [
    town.alice,
    { video: await text(town.alice) },
  ])
  refuses('photos.uploadProfilePhoto', 'EMOJI_MARKUP_INVALID', 'that are made of an emoji', () => [
    town.alice,
    { videoEmojiMarkup: { _: 'videoSizeEmojiMarkup', emojiId: 1n, backgroundColors: [0] } },
  ])
})

describe('photos of a profile', () => {
  const full = async () => {
    const karl = await town.system.signUp('Karl')
    const photo = await shown(karl)
    await hang(town.system, karl.id, MOST_PHOTOS)
    return { karl, photo }
  }
  refusesEach('ALBUM_PHOTOS_TOO_MANY', 'beyond the last one', {
    'photos.updateProfilePhoto': async () => {
      const { karl, photo } = await full()
      return [karl, { id: photo }]
    },
    'photos.uploadProfilePhoto': async () => {
      const { karl } = await full()
      return [karl, { file: await drawn(karl, FINE) }]
    },
  })
  refuses('photos.updateProfilePhoto', 'PHOTO_ID_INVALID', 'that the caller has not seen', async () => [
    town.bob,
    { id: await shown(town.alice) },
  ])
})

describe('photos of a channel', () => {
  refuses('channels.editPhoto', 'FILE_REFERENCE_INVALID', 'named without a reference that fits', async () => {
    const id = { ...(await shown(town.alice)), fileReference: Buffer.from('no reference') }
    return [town.alice, { ...at(town.alice, town.square), photo: { _: 'inputChatPhoto', id } }]
  })
  refuses('channels.editPhoto', 'CHAT_ADMIN_REQUIRED', 'for a plain member of a channel', async () => [
    town.bob,
    { ...at(town.bob, town.letter), ...chatPhoto(await drawn(town.bob, FINE)) },
  ])
  refuses('channels.editPhoto', 'CHAT_WRITE_FORBIDDEN', 'for who is not in it', async () => [
    town.carol,
    { ...at(town.carol, town.market), ...chatPhoto(await drawn(town.carol, FINE)) },
  ])
})
