import { picture } from '@heliograph/gateway/media/samples'
import type { Tl, TlType } from '@heliograph/schemas/tl'
import { describe } from 'vitest'
import { at } from './chats.ts'
import { hang } from './crowd.ts'
import { photo, upload } from './files.ts'
import type { Person } from './person.ts'
import { refusesEach } from './refuses.ts'
import { ownScene } from './scene.ts'

const MOST_PHOTOS = 100
const FINE = { width: 320, height: 320 }
/** More than twenty times as long as wide. */
const THREAD = { width: 2_100, height: 100 }
const SMALL = { width: 100, height: 100 }

const s = ownScene()

const NO_PARTS = { _: 'inputFile', id: 1n, parts: 0, name: 'x', md5Checksum: '' } as const
const drawn = async (who: Person, sides: typeof FINE) => upload(who, await picture(sides))
const text = (who: Person) => upload(who, Buffer.from('no picture at all'))
const damaged = async (who: Person) => upload(who, (await picture(FINE)).subarray(0, 400))

const chatPhoto = (file: Tl<'inputFile'> | undefined) =>
  ({ photo: { _: 'inputChatUploadedPhoto', ...(file && { file }) } }) as const

function named(made: TlType<'Photo'> | undefined): Tl<'inputPhoto'> {
  if (made?._ !== 'photo') throw new Error('no photo')
  const { id, accessHash, fileReference } = made
  return { _: 'inputPhoto', id, accessHash, fileReference }
}

/** A photo that somebody has shown, as it may name it. */
const shown = async (who: Person) =>
  named((await who.call('photos.uploadProfilePhoto', { file: await drawn(who, FINE) })).photo)

/** The same of one for messages. */
async function forMessages(who: Person, sides: typeof FINE): Promise<Tl<'inputPhoto'>> {
  const given = await photo(who, await picture(sides))
  const media = await who.call('messages.uploadMedia', { peer: { _: 'inputPeerSelf' }, media: given })
  return named(media._ === 'messageMediaPhoto' ? media.photo : undefined)
}

describe('pictures that cannot be taken', () => {
  const town = () => at(s.alice, s.town)

  refusesEach('FILE_PARTS_INVALID', 'of no parts', {
    'channels.editPhoto': () => [s.alice, { ...town(), ...chatPhoto(NO_PARTS) }],
    'photos.uploadProfilePhoto': () => [s.alice, { file: NO_PARTS }],
  })
  refusesEach('PHOTO_EXT_INVALID', 'that are none', {
    'channels.editPhoto': async () => [s.alice, { ...town(), ...chatPhoto(await text(s.alice)) }],
    'photos.uploadProfilePhoto': async () => [s.alice, { file: await text(s.alice) }],
  })
  refusesEach('PHOTO_CROP_SIZE_SMALL', 'that are too small', {
    'channels.editPhoto': async () => [s.alice, { ...town(), ...chatPhoto(await drawn(s.alice, SMALL)) }],
    'messages.editChatPhoto': async () => [
      s.alice,
      { chatId: s.group, ...chatPhoto(await drawn(s.alice, SMALL)) },
    ],
    'photos.updateProfilePhoto': async () => [s.alice, { id: await forMessages(s.alice, SMALL) }],
    'photos.uploadProfilePhoto': async () => [s.alice, { file: await drawn(s.alice, SMALL) }],
  })
  refusesEach('PHOTO_INVALID', 'that are too narrow, or missing', {
    'channels.editPhoto': () => [s.alice, { ...town(), ...chatPhoto(undefined) }],
    'photos.uploadProfilePhoto': async () => [s.alice, { file: await drawn(s.alice, THREAD) }],
  })
  refusesEach('IMAGE_PROCESS_FAILED', 'that are damaged', {
    'photos.uploadProfilePhoto': async () => [s.alice, { file: await damaged(s.alice) }],
  })
  refusesEach('PHOTO_FILE_MISSING', 'that are not there', {
    'photos.uploadProfilePhoto': () => [s.alice, {}],
  })
  refusesEach('VIDEO_FILE_INVALID', 'that move, and are no video', {
    'photos.uploadProfilePhoto': async () => [s.alice, { video: await text(s.alice) }],
  })
  refusesEach('EMOJI_MARKUP_INVALID', 'that are made of an emoji', {
    'photos.uploadProfilePhoto': () => [
      s.alice,
      { videoEmojiMarkup: { _: 'videoSizeEmojiMarkup', emojiId: 1n, backgroundColors: [0] } },
    ],
  })
})

describe('photos of a profile', () => {
  const full = async () => {
    const karl = await s.world.person('Karl')
    const photo = await shown(karl)
    await hang(s.world, karl, MOST_PHOTOS)
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
  refusesEach('PHOTO_ID_INVALID', 'that the caller has not seen', {
    'photos.updateProfilePhoto': async () => [s.bob, { id: await shown(s.alice) }],
  })
})

describe('photos of a channel', () => {
  refusesEach('FILE_REFERENCE_INVALID', 'named without a reference that fits', {
    'channels.editPhoto': async () => {
      const id = { ...(await shown(s.alice)), fileReference: Buffer.from('no reference') }
      return [s.alice, { ...at(s.alice, s.town), photo: { _: 'inputChatPhoto', id } }]
    },
  })
  refusesEach('CHAT_ADMIN_REQUIRED', 'for a plain member of a channel', {
    'channels.editPhoto': async () => [
      s.bob,
      { ...at(s.bob, s.news), ...chatPhoto(await drawn(s.bob, FINE)) },
    ],
  })
  refusesEach('CHAT_WRITE_FORBIDDEN', 'for who is not in it', {
    'channels.editPhoto': async () => [
      s.erin,
      { ...at(s.erin, s.market), ...chatPhoto(await drawn(s.erin, FINE)) },
    ],
  })
})
