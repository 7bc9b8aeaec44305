import { picture } from '@heliograph/gateway/media/samples'
import { MAX_SCHEDULED } from '@heliograph/schemas/avro'
import type { Tl } from '@heliograph/schemas/tl'
import { beforeAll, describe } from 'vitest'
import { groupPeer, newChannel, randomId, say } from './chats.ts'
import { document, photo, upload } from './files.ts'
import { inTopic, makePlaces, type Places } from './places.ts'
import { refuses } from './refuses.ts'
import { byMessage, NO_CHANNEL, NO_GROUP, NOBODY, ownScene } from './scene.ts'

const DAY_SECONDS = 24 * 3600
const SELF = { _: 'inputPeerSelf' } as const
const MAX_PHOTO_BYTES = 10 * 1024 * 1024
const PART_BYTES = 512 * 1024
const later = (days: number): number => Math.floor(Date.now() / 1000) + days * DAY_SECONDS
const DICE = { _: 'inputMediaDice', emoticon: '🎲' } as const
const CONTACT = { _: 'inputMediaContact', phoneNumber: '1', firstName: 'X', lastName: '', vcard: '' } as const
const told = (text: string) => ({ _: 'textWithEntities', text, entities: [] }) as const

function poll(more: Partial<Tl<'poll'>> = {}, correctAnswers?: number[]): Tl<'inputMediaPoll'> {
  const answers = ['a', 'b'].map(
    (text) => ({ _: 'pollAnswer', text: told(text), option: Buffer.from(text) }) as const,
  )
  const given = { _: 'poll', id: 1n, question: told('Which?'), answers, hash: 0n, ...more } as const
  return { _: 'inputMediaPoll', poll: given, ...(correctAnswers && { correctAnswers }) }
}

describe('sending media', () => {
  const s = ownScene()
  let p: Places
  beforeAll(async () => {
    p = await makePlaces(s)
  })

  const base = { peer: SELF, message: '', randomId: 7n } as const
  const contact = { ...base, media: CONTACT } as const

  async function largePhoto(): Promise<Tl<'inputMediaUploadedPhoto'>> {
    const id = randomId()
    const parts = MAX_PHOTO_BYTES / PART_BYTES + 1
    for (let filePart = 0; filePart < parts; filePart++)
      await s.bob.call('upload.saveFilePart', { fileId: id, filePart, bytes: Buffer.alloc(PART_BYTES) })
    const file = { _: 'inputFile', id, parts, name: 'file', md5Checksum: '' } as const
    return { _: 'inputMediaUploadedPhoto', file }
  }

  refuses(
    'messages.sendMedia',
    async () => {
      const safe = await newChannel(s.alice, { megagroup: true }, [s.bob])
      await s.alice.call('messages.toggleNoForwards', { peer: s.alice.channelPeer(safe), enabled: true })
      const kept = await say(s.bob, s.bob.channelPeer(safe))
      const replyTo = {
        _: 'inputReplyToMessage',
        replyToMsgId: kept,
        replyToPeerId: s.bob.channelPeer(safe),
      } as const
      const quiet = [{ _: 'inputPrivacyValueDisallowAll' }] as const
      await s.carol.call('account.setPrivacy', { key: { _: 'inputPrivacyKeyVoiceMessages' }, rules: quiet })
      const forum = { ...contact, peer: s.bob.channelPeer(s.forum) }
      return {
        BROADCAST_PUBLIC_VOTERS_FORBIDDEN: [
          s.alice,
          { ...base, peer: s.alice.channelPeer(s.news), media: poll({ publicVoters: true }) },
        ],
        CHANNEL_INVALID: [s.bob, { ...contact, peer: NO_CHANNEL }],
        CHANNEL_PRIVATE: [s.carol, { ...contact, peer: s.carol.channelPeer(s.town) }],
        CHAT_ADMIN_REQUIRED: [s.bob, { ...contact, peer: s.bob.channelPeer(s.news) }],
        CHAT_FORWARDS_RESTRICTED: [s.bob, { ...contact, replyTo }],
        CHAT_GUEST_SEND_FORBIDDEN: [s.bob, { ...contact, peer: p.guests }],
        CHAT_SEND_AUDIOS_FORBIDDEN: [
          s.bob,
          { ...base, peer: p.still, media: await document(s.bob, 'music') },
        ],
        CHAT_SEND_DOCS_FORBIDDEN: [
          s.bob,
          { ...base, peer: p.still, media: await document(s.bob, 'document') },
        ],
        CHAT_SEND_GIFS_FORBIDDEN: [s.bob, { ...base, peer: p.still, media: await document(s.bob, 'gif') }],
        CHAT_SEND_PHOTOS_FORBIDDEN: [s.bob, { ...base, peer: p.still, media: await photo(s.bob) }],
        CHAT_SEND_POLL_FORBIDDEN: [s.bob, { ...base, peer: p.still, media: poll() }],
        CHAT_SEND_STICKERS_FORBIDDEN: [s.bob, { ...base, peer: p.still, media: DICE }],
        CHAT_SEND_VIDEOS_FORBIDDEN: [
          s.bob,
          { ...base, peer: p.still, media: await document(s.bob, 'video') },
        ],
        CHAT_SEND_VOICES_FORBIDDEN: [
          s.bob,
          { ...base, peer: p.still, media: await document(s.bob, 'voice') },
        ],
        CHAT_WRITE_FORBIDDEN: [s.bob, { ...contact, peer: p.silent }],
        INPUT_USER_DEACTIVATED: [s.alice, { ...contact, peer: s.alice.peer(s.dave) }],
        MSG_ID_INVALID: [s.bob, { ...contact, peer: byMessage(s, s.bob) }],
        PEER_ID_INVALID: [s.bob, { ...contact, peer: NOBODY }],
        SCHEDULE_DATE_TOO_LATE: [s.alice, { ...contact, scheduleDate: later(400) }],
        SCHEDULE_TOO_MUCH: async () => {
          for (let i = 0; i < MAX_SCHEDULED; i++) await say(s.bob, SELF, 'later', { scheduleDate: later(2) })
          return [s.bob, { ...contact, scheduleDate: later(2) }]
        },
        SEND_AS_PEER_INVALID: [
          s.bob,
          { ...contact, peer: s.bob.channelPeer(s.town), sendAs: s.bob.channelPeer(s.news) },
        ],
        SLOWMODE_WAIT_60: [s.bob, { ...contact, peer: p.slow }],
        TOPIC_CLOSED: [s.bob, { ...forum, replyTo: inTopic(p.closedTopic) }],
        TOPIC_DELETED: [s.bob, { ...forum, replyTo: inTopic(p.goneTopic) }],
        USER_BANNED_IN_CHANNEL: [s.bob, { ...contact, peer: p.banned }],
        USER_IS_BLOCKED: [s.bob, { ...contact, peer: s.bob.peer(p.cold) }],
        VOICE_MESSAGES_FORBIDDEN: [
          s.alice,
          { ...base, peer: s.alice.peer(s.carol), media: await document(s.alice, 'voice') },
        ],
        YOU_BLOCKED_USER: [s.bob, { ...contact, peer: s.bob.peer(p.shunned) }],
      }
    },
    'in places',
  )

  refuses(
    'messages.sendMedia',
    async () => {
      const file = await upload(s.bob, Buffer.from('x'), 'file', 'f'.repeat(32))
      const plain = { _: 'inputMediaUploadedDocument', mimeType: 'text/plain', attributes: [] } as const
      const bad = { _: 'messageEntityBold', offset: 3, length: 99 } as const
      const ofPhoto = async (bytes: Uint8Array) => ({ ...base, media: await photo(s.bob, bytes) })
      const jpeg = await picture({ width: 64, height: 64 })
      const answer = { _: 'pollAnswer', text: told('a'), option: Buffer.from('a') } as const
      const other = { ...answer, option: Buffer.from('b') }
      const quiz = { quiz: true } as const
      return {
        EMOTICON_INVALID: [s.bob, { ...base, media: { ...DICE, emoticon: 'x' } }],
        ENTITY_BOUNDS_INVALID: [s.bob, { ...contact, message: 'words', entities: [bad] }],
        EXTERNAL_URL_INVALID: [
          s.bob,
          { ...base, media: { _: 'inputMediaPhotoExternal', url: 'no address' } },
        ],
        FILE_PART_LENGTH_INVALID: async () => {
          const id = randomId()
          const parts = [Buffer.alloc(1024), Buffer.alloc(2048)]
          for (const [filePart, bytes] of parts.entries())
            await s.bob.call('upload.saveFilePart', { fileId: id, filePart, bytes })
          const made = { _: 'inputFile', id, parts: 2, name: 'file', md5Checksum: '' } as const
          return [s.bob, { ...base, media: { ...plain, file: made } }]
        },
        FILE_PARTS_INVALID: [s.bob, { ...base, media: { ...plain, file: { ...file, parts: 0 } } }],
        IMAGE_PROCESS_FAILED: [s.bob, await ofPhoto(jpeg.subarray(0, 200))],
        MD5_CHECKSUM_INVALID: [s.bob, { ...base, media: { ...plain, file } }],
        MEDIA_CAPTION_TOO_LONG: [s.bob, { ...contact, message: 'x'.repeat(1025) }],
        MEDIA_EMPTY: [s.bob, { ...base, media: { _: 'inputMediaPhoto', id: { _: 'inputPhotoEmpty' } } }],
        MEDIA_INVALID: [s.bob, { ...base, media: { ...CONTACT, phoneNumber: '' } }],
        PHOTO_EXT_INVALID: [s.bob, await ofPhoto(Buffer.from('no picture'))],
        PHOTO_INVALID_DIMENSIONS: [s.bob, await ofPhoto(await picture({ width: 4, height: 400 }))],
        PHOTO_SAVE_FILE_INVALID: async () => [s.bob, { ...base, media: await largePhoto() }],
        POLL_ANSWER_INVALID: [
          s.bob,
          { ...base, media: poll({ answers: [answer, { ...other, text: told('') }] }) },
        ],
        POLL_ANSWERS_INVALID: [s.bob, { ...base, media: poll({ answers: [] }) }],
        POLL_OPTION_DUPLICATE: [s.bob, { ...base, media: poll({ answers: [answer, answer] }) }],
        POLL_OPTION_INVALID: [
          s.bob,
          { ...base, media: poll({ answers: [answer, { ...other, option: new Uint8Array() }] }) },
        ],
        POLL_QUESTION_INVALID: [s.bob, { ...base, media: poll({ question: told('') }) }],
        QUIZ_CORRECT_ANSWER_INVALID: [s.bob, { ...base, media: poll(quiz, [7]) }],
        QUIZ_CORRECT_ANSWERS_EMPTY: [s.bob, { ...base, media: poll(quiz) }],
        QUIZ_CORRECT_ANSWERS_TOO_MUCH: [s.bob, { ...base, media: poll(quiz, [0, 1]) }],
        TTL_MEDIA_INVALID: [s.bob, { ...base, media: { ...(await photo(s.bob)), ttlSeconds: 61 } }],
        WEBPAGE_CURL_FAILED: [
          s.bob,
          { ...base, media: { _: 'inputMediaPhotoExternal', url: 'https://example.com/photo.jpg' } },
        ],
      }
    },
    'of what is no media',
  )

  refuses('messages.sendMultiMedia', async () => {
    const picture = await photo(s.bob)
    const single = (
      media: Tl<'inputSingleMedia'>['media'],
      more: { randomId?: bigint; message?: string } = {},
    ) => ({ _: 'inputSingleMedia', media, randomId: randomId(), message: '', ...more }) as const
    const two = () => [single(picture), single(picture)]
    const album = (peer: Parameters<typeof say>[1]) => ({ peer, multiMedia: two() })
    const safe = await newChannel(s.alice, { megagroup: true }, [s.bob])
    await s.alice.call('messages.toggleNoForwards', { peer: s.alice.channelPeer(safe), enabled: true })
    const kept = await say(s.bob, s.bob.channelPeer(safe))
    const replyTo = {
      _: 'inputReplyToMessage',
      replyToMsgId: kept,
      replyToPeerId: s.bob.channelPeer(safe),
    } as const
    const bad = { _: 'messageEntityBold', offset: 3, length: 99 } as const
    const forum = album(s.bob.channelPeer(s.forum))
    return {
      CHANNEL_PRIVATE: [
        s.carol,
        { peer: s.carol.channelPeer(s.town), multiMedia: [single(await photo(s.carol))] },
      ],
      CHAT_ADMIN_REQUIRED: [s.bob, album(s.bob.channelPeer(s.news))],
      CHAT_FORWARDS_RESTRICTED: [s.bob, { ...album(SELF), replyTo }],
      CHAT_WRITE_FORBIDDEN: [s.bob, album(p.silent)],
      ENTITY_BOUNDS_INVALID: [
        s.bob,
        { peer: SELF, multiMedia: [{ ...single(picture, { message: 'words' }), entities: [bad] }] },
      ],
      MEDIA_CAPTION_TOO_LONG: [
        s.bob,
        { peer: SELF, multiMedia: [single(picture, { message: 'x'.repeat(1025) })] },
      ],
      MEDIA_EMPTY: [s.bob, { peer: SELF, multiMedia: [] }],
      MEDIA_INVALID: [s.bob, { peer: SELF, multiMedia: [single(DICE)] }],
      MULTI_MEDIA_TOO_LONG: [
        s.bob,
        { peer: SELF, multiMedia: Array.from({ length: 11 }, () => single(picture)) },
      ],
      PEER_ID_INVALID: [s.bob, { peer: NOBODY, multiMedia: two() }],
      RANDOM_ID_DUPLICATE: [
        s.bob,
        { peer: SELF, multiMedia: [single(picture, { randomId: 5n }), single(picture, { randomId: 5n })] },
      ],
      RANDOM_ID_EMPTY: [s.bob, { peer: SELF, multiMedia: [single(picture, { randomId: 0n })] }],
      SCHEDULE_DATE_TOO_LATE: [
        s.alice,
        { peer: SELF, multiMedia: [single(await photo(s.alice))], scheduleDate: later(400) },
      ],
      SCHEDULE_TOO_MUCH: [s.bob, { ...album(SELF), scheduleDate: later(2) }],
      SEND_AS_PEER_INVALID: [
        s.bob,
        { ...album(s.bob.channelPeer(s.town)), sendAs: s.bob.channelPeer(s.news) },
      ],
      SLOWMODE_WAIT_60: [s.bob, album(p.slow)],
      TOPIC_DELETED: [s.bob, { ...forum, replyTo: inTopic(p.goneTopic) }],
      USER_BANNED_IN_CHANNEL: [s.bob, album(p.banned)],
    }
  })

  refuses('messages.uploadMedia', async () => {
    const jpeg = await picture({ width: 64, height: 64 })
    const ofPhoto = async (bytes: Uint8Array) => ({ peer: SELF, media: await photo(s.bob, bytes) })
    return {
      CHANNEL_INVALID: [s.bob, { media: CONTACT, peer: NO_CHANNEL }],
      CHANNEL_PRIVATE: [s.carol, { media: CONTACT, peer: s.carol.channelPeer(s.town) }],
      CHAT_ADMIN_REQUIRED: [s.bob, { media: CONTACT, peer: s.bob.channelPeer(s.news) }],
      CHAT_ID_INVALID: [s.bob, { media: CONTACT, peer: NO_GROUP }],
      CHAT_WRITE_FORBIDDEN: [s.bob, { media: CONTACT, peer: p.silent }],
      IMAGE_PROCESS_FAILED: [s.bob, await ofPhoto(jpeg.subarray(0, 200))],
      INPUT_USER_DEACTIVATED: [s.alice, { media: CONTACT, peer: s.alice.peer(s.dave) }],
      MEDIA_INVALID: [s.bob, { media: { _: 'inputMediaEmpty' }, peer: SELF }],
      MSG_ID_INVALID: [s.bob, { media: CONTACT, peer: byMessage(s, s.bob) }],
      PEER_ID_INVALID: [s.bob, { media: CONTACT, peer: NOBODY }],
      PHOTO_EXT_INVALID: [s.bob, await ofPhoto(Buffer.from('no picture'))],
      PHOTO_INVALID_DIMENSIONS: [s.bob, await ofPhoto(await picture({ width: 4, height: 400 }))],
      PHOTO_SAVE_FILE_INVALID: async () => [s.bob, { peer: SELF, media: await largePhoto() }],
      USER_BANNED_IN_CHANNEL: [s.bob, { media: CONTACT, peer: p.banned }],
      WEBPAGE_CURL_FAILED: [
        s.bob,
        { peer: SELF, media: { _: 'inputMediaPhotoExternal', url: 'https://example.com/photo.jpg' } },
      ],
    }
  })

  refuses(
    'messages.forwardMessages',
    async () => {
      const own = async (media: Parameters<typeof sendTo>[1]) => {
        const id = await sendTo(groupPeer(s.group), media)
        return { fromPeer: groupPeer(s.group), id: [id], randomId: [randomId()], toPeer: p.still } as const
      }
      const sendTo = async (peer: Parameters<typeof say>[1], media: Tl<'inputSingleMedia'>['media']) => {
        const sent = await s.bob.call('messages.sendMedia', { ...base, randomId: randomId(), peer, media })
        return idOf(sent as Tl<'updates'>)
      }
      const idOf = ({ updates }: Tl<'updates'>): number =>
        (updates.find(({ _ }) => _ === 'updateMessageID') as Tl<'updateMessageID'>).id
      return {
        BROADCAST_PUBLIC_VOTERS_FORBIDDEN: async () => {
          const made = await s.alice.call('messages.sendMedia', {
            ...base,
            peer: s.alice.channelPeer(s.town),
            media: poll({ publicVoters: true }),
          })
          const id = [idOf(made as Tl<'updates'>)]
          const [fromPeer, toPeer] = [s.alice.channelPeer(s.town), s.alice.channelPeer(s.news)]
          return [s.alice, { fromPeer, id, randomId: [randomId()], toPeer }]
        },
        CHAT_SEND_AUDIOS_FORBIDDEN: [s.bob, await own(await document(s.bob, 'music'))],
        CHAT_SEND_GIFS_FORBIDDEN: [s.bob, await own(await document(s.bob, 'gif'))],
        CHAT_SEND_PHOTOS_FORBIDDEN: [s.bob, await own(await photo(s.bob))],
        CHAT_SEND_POLL_FORBIDDEN: [s.bob, await own(poll())],
        CHAT_SEND_STICKERS_FORBIDDEN: [s.bob, await own(DICE)],
        CHAT_SEND_VIDEOS_FORBIDDEN: [s.bob, await own(await document(s.bob, 'video'))],
        CHAT_SEND_VOICES_FORBIDDEN: [s.bob, await own(await document(s.bob, 'voice'))],
        QUIZ_ANSWER_MISSING: async () => {
          const peer = s.alice.channelPeer(s.town)
          const made = await s.alice.call('messages.sendMedia', {
            ...base,
            randomId: randomId(),
            peer,
            media: poll({ quiz: true }, [0]),
          })
          const id = [idOf(made as Tl<'updates'>)]
          const fromPeer = s.bob.channelPeer(s.town)
          return [s.bob, { fromPeer, id, randomId: [randomId()], toPeer: SELF, dropAuthor: true }]
        },
      }
    },
    'of media',
  )

  refuses(
    'messages.editMessage',
    async () => {
      const peer = s.bob.channelPeer(s.town)
      const sent = await s.bob.call('messages.sendMedia', {
        ...base,
        randomId: randomId(),
        peer,
        media: CONTACT,
      })
      const idsOf = (updates: unknown): number[] =>
        (updates as Tl<'updates'>).updates.flatMap((each) => (each._ === 'updateMessageID' ? [each.id] : []))
      const [contactId] = idsOf(sent)
      const single = async () =>
        ({ _: 'inputSingleMedia', media: await photo(s.bob), randomId: randomId(), message: '' }) as const
      const multiMedia = [await single(), await single()]
      const [albumId] = idsOf(await s.bob.call('messages.sendMultiMedia', { peer, multiMedia }))
      return {
        MEDIA_CAPTION_TOO_LONG: [s.bob, { peer, id: albumId!, message: 'x'.repeat(1025) }],
        MEDIA_EMPTY: [
          s.bob,
          { peer, id: albumId!, media: { _: 'inputMediaPhoto', id: { _: 'inputPhotoEmpty' } } },
        ],
        MEDIA_GROUPED_INVALID: [s.bob, { peer, id: albumId!, media: await document(s.bob, 'music') }],
        MEDIA_PREV_INVALID: [s.bob, { peer, id: contactId!, media: await photo(s.bob) }],
        CHAT_SEND_GIFS_FORBIDDEN: async () => {
          const place = await newChannel(s.alice, { megagroup: true }, [s.bob])
          const there = s.bob.channelPeer(place)
          const media = await photo(s.bob)
          const [id] = idsOf(
            await s.bob.call('messages.sendMedia', { ...base, randomId: randomId(), peer: there, media }),
          )
          const bannedRights = { _: 'chatBannedRights', sendGifs: true, untilDate: 0 } as const
          await s.alice.call('messages.editChatDefaultBannedRights', {
            peer: s.alice.channelPeer(place),
            bannedRights,
          })
          return [s.bob, { peer: there, id: id!, media: await document(s.bob, 'gif') }]
        },
      }
    },
    'of media',
  )
})
