import { randomBytes } from 'node:crypto'
import { picture } from '@heliograph/gateway/media/samples'
import { Long, type TelegramClient, type tl } from '@mtcute/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Couple, endCouple, startCouple } from './couple.ts'
import { eventually } from './eventually.ts'
import type { Member } from './people.ts'

const PAGE = { offsetId: 0, offsetDate: 0, addOffset: 0, maxId: 0, minId: 0, hash: Long.ZERO }
const randomId = () => Long.fromBytesLE([...randomBytes(8)])

describe('everything that a message can be, seen from mtcute', () => {
  let couple: Couple
  let alice: Member
  let bob: Member
  let group: number
  /** Of Bob, in the group. */
  let hello: number

  beforeAll(async () => {
    couple = await startCouple({ acquainted: true })
    alice = couple.alice
    bob = couple.bob
    group = (await alice.client.createSupergroup({ title: 'Talk' })).id
    await alice.client.addChatMembers(group, [bob.id], {})
    await eventually('Bob is in it', async () => {
      for await (const { peer } of bob.client.iterDialogs()) if (peer.id === group) return true
      return false
    })
    hello = (await bob.client.sendText(group, 'hello big world')).id
  })
  afterAll(() => endCouple(couple ?? {}))

  const sentIn = (updates: tl.TypeUpdates) => {
    if (updates._ !== 'updates') throw new Error(updates._)
    const found = updates.updates.find(
      (each) => each._ === 'updateNewMessage' || each._ === 'updateNewChannelMessage',
    ) as tl.RawUpdateNewMessage
    return found.message as tl.RawMessage
  }
  const sendMedia = async (
    client: TelegramClient,
    to: number | string,
    media: tl.TypeInputMedia,
    message = '',
  ) => {
    const peer = await client.resolvePeer(to)
    return sentIn(await client.call({ _: 'messages.sendMedia', peer, media, message, randomId: randomId() }))
  }
  const send = async (client: TelegramClient, to: number, message: string, more: object = {}) => {
    const peer = await client.resolvePeer(to)
    const call = { _: 'messages.sendMessage', peer, message, randomId: randomId(), ...more } as const
    return sentIn(await client.call(call))
  }
  const newest = async ({ client }: Member, from: number) => {
    const peer = await client.resolvePeer(from)
    const page = await client.call({ _: 'messages.getHistory', peer, ...PAGE, limit: 1 })
    return (page as tl.messages.RawMessages).messages[0] as tl.RawMessage
  }
  const geo = (lat: number): tl.RawInputGeoPoint => ({ _: 'inputGeoPoint', lat, long: 10 })

  it('keeps entities of every kind, and finds those that a server finds', async () => {
    const plain = ['Bold', 'Italic', 'Underline', 'Strike', 'Spoiler', 'Code'].map(
      (kind, at) => ({ _: `messageEntity${kind}`, offset: at * 2, length: 2 }) as tl.TypeMessageEntity,
    )
    const entities: tl.TypeMessageEntity[] = [
      ...plain,
      { _: 'messageEntityPre', offset: 12, length: 2, language: 'ts' },
      { _: 'messageEntityBlockquote', offset: 14, length: 4, collapsed: true },
      { _: 'messageEntityTextUrl', offset: 18, length: 2, url: 'https://a.example/' },
      { _: 'inputMessageEntityMentionName', offset: 20, length: 2, userId: { _: 'inputUserSelf' } },
      { _: 'messageEntityCustomEmoji', offset: 22, length: 2, documentId: Long.ONE },
    ]
    const text = 'abcdefghijklmnopqrstuvwxyz'
    const sent = await send(alice.client, group, text, { entities })
    const mention = { _: 'messageEntityMentionName', offset: 20, length: 2, userId: alice.id }
    const expected = entities.map((each) => (each._ === 'inputMessageEntityMentionName' ? mention : each))
    expect(sent.entities).toMatchObject(expected)
    const words = '@someone #tag $USD /do https://x.example a@b.com +12025550123 5555555555554444'
    const found = await send(alice.client, group, words)
    const kinds = found.entities?.map(({ _ }) => _.slice('messageEntity'.length))
    expect(kinds).toEqual([
      'Mention',
      'Hashtag',
      'Cashtag',
      'BotCommand',
      'Url',
      'Email',
      'Phone',
      'BankCard',
    ])
  })

  it('replies with a quote, across chats as well', async () => {
    const from = await alice.client.resolvePeer(group)
    const quote = { quoteText: 'big', quoteOffset: 6 }
    const reply = (more: object) => ({
      replyTo: { _: 'inputReplyToMessage', replyToMsgId: hello, ...quote, ...more },
    })
    expect((await send(alice.client, group, 'yes', reply({}))).replyTo).toMatchObject({
      quote: true,
      ...quote,
    })
    const elsewhere = await send(alice.client, bob.id, 'that', reply({ replyToPeerId: from }))
    expect(elsewhere.replyTo).toMatchObject({ replyFrom: { fromId: { userId: bob.id } }, ...quote })
    await expect(send(alice.client, group, 'no', reply({ quoteText: 'small' }))).rejects.toMatchObject({
      text: 'QUOTE_TEXT_INVALID',
    })
  })

  it('forwards without the name of who does not want it', async () => {
    const forward = async () => {
      const fromPeer = await alice.client.resolvePeer(group)
      const call = { _: 'messages.forwardMessages', fromPeer, toPeer: { _: 'inputPeerSelf' } } as const
      return sentIn(await alice.client.call({ ...call, id: [hello], randomId: [randomId()] })).fwdFrom
    }
    expect(await forward()).toMatchObject({ fromId: { userId: bob.id }, savedFromMsgId: hello })
    const key = { _: 'inputPrivacyKeyForwards' } as const
    const rules = [{ _: 'inputPrivacyValueDisallowAll' } as const]
    await bob.client.call({ _: 'account.setPrivacy', key, rules })
    const hidden = await forward()
    expect([hidden?.fromId, hidden?.fromName]).toEqual([undefined, 'Bob'])
  })

  it('moves a live location until it is stopped', async () => {
    const live = { _: 'inputMediaGeoLive', period: 900 } as const
    const { id } = await sendMedia(alice.client, group, { ...live, geoPoint: geo(1), heading: 90 })
    const peer = await alice.client.resolvePeer(group)
    const edit = async (media: tl.TypeInputMedia) => {
      const answer = await alice.client.call({ _: 'messages.editMessage', peer, id, media })
      const [update] = (answer as tl.RawUpdates).updates as tl.RawUpdateEditChannelMessage[]
      return (update!.message as tl.RawMessage).media
    }
    const moved = await edit({ ...live, geoPoint: geo(2), heading: 180, proximityNotificationRadius: 100 })
    expect(moved).toMatchObject({ geo: { lat: 2 }, heading: 180, period: 900 })
    const reader = await bob.client.resolvePeer(group)
    const recent = { _: 'messages.getRecentLocations', peer: reader, limit: 5, hash: Long.ZERO } as const
    expect((await bob.client.call(recent)) as tl.messages.RawMessages).toMatchObject({ messages: [{ id }] })
    const stopped = { _: 'inputMediaGeoLive', stopped: true, geoPoint: { _: 'inputGeoPointEmpty' } } as const
    expect(await edit(stopped)).toMatchObject({ geo: { lat: 2 } })
    await expect(edit({ ...live, geoPoint: geo(3) })).rejects.toMatchObject({
      text: 'MESSAGE_NOT_MODIFIED',
    })
    expect((await bob.client.call(recent)) as tl.messages.RawMessages).toMatchObject({ messages: [] })
  })

  it('shows dice, venues, and contacts with whose number it is', async () => {
    const dice = await sendMedia(alice.client, bob.id, { _: 'inputMediaDice', emoticon: '🎯' })
    expect((dice.media as tl.RawMessageMediaDice).value).toBeGreaterThan(0)
    const venue = { title: 'Here', address: '1', provider: 'foursquare', venueId: 'v', venueType: 'x' }
    const shown = await sendMedia(alice.client, bob.id, { _: 'inputMediaVenue', geoPoint: geo(1), ...venue })
    expect(shown.media).toMatchObject(venue)
    const card = (phoneNumber: string) =>
      sendMedia(alice.client, group, {
        _: 'inputMediaContact',
        phoneNumber,
        firstName: 'B',
        lastName: '',
        vcard: '',
      })
    expect((await card(bob.phone)).media).toMatchObject({ userId: bob.id })
    expect((await card('+99966000000000')).media).toMatchObject({ userId: 0 })
  })

  it('is told to whom it was read, and when, unless somebody hides that', async () => {
    const { id } = await send(alice.client, bob.id, 'seen?')
    const peer = await alice.client.resolvePeer(bob.id)
    const readDate = () => alice.client.call({ _: 'messages.getOutboxReadDate', peer, msgId: id })
    await expect(readDate()).rejects.toMatchObject({ text: 'MESSAGE_NOT_READ_YET' })
    await eventually('Bob has it', async () => (await newest(bob, alice.id)).message === 'seen?')
    await bob.client.readHistory(alice.id)
    expect((await readDate()).date).toBeGreaterThan(0)
    const settings = { _: 'globalPrivacySettings', hideReadMarks: true } as const
    await bob.client.call({ _: 'account.setGlobalPrivacySettings', settings })
    await expect(readDate()).rejects.toMatchObject({ text: 'USER_PRIVACY_RESTRICTED' })
  })

  it('is found by hashtag, sender and date, and has a link', async () => {
    const peer = await alice.client.resolvePeer(group)
    await send(alice.client, group, 'about #cats')
    await send(alice.client, group, 'just cats')
    const found = async (more: object) => {
      const filter = { _: 'inputMessagesFilterEmpty' } as const
      const call = {
        _: 'messages.search',
        peer,
        q: '',
        filter,
        ...PAGE,
        minDate: 0,
        maxDate: 0,
        limit: 50,
      } as const
      const answer = await alice.client.call({ ...call, ...more })
      return (answer as tl.messages.RawChannelMessages).messages.map(
        (each) => (each as tl.RawMessage).message,
      )
    }
    expect(await found({ q: '#cats' })).toEqual(['about #cats'])
    expect(await found({ q: 'cats' })).toHaveLength(2)
    expect(await found({ fromId: await alice.client.resolvePeer(bob.id) })).toEqual(['hello big world'])
    expect(await found({ minDate: Math.floor(Date.now() / 1000) + 1000 })).toEqual([])
    const channel = await alice.client.resolveChannel(group)
    const { link } = await alice.client.call({ _: 'channels.exportMessageLink', channel, id: hello })
    expect(link).toMatch(new RegExp(`/c/\\d+/${hello}$`))
  })

  it('tells which sticker sets are on a photo', async () => {
    const { client } = alice
    const upload = async (more: Partial<tl.RawInputMediaUploadedPhoto> = {}) => {
      const { inputFile } = await client.uploadFile({
        file: await picture({ width: 64, height: 64 }),
        fileName: 'p.jpg',
      })
      return sendMedia(client, bob.id, { _: 'inputMediaUploadedPhoto', file: inputFile, ...more })
    }
    const png = await picture({ width: 512, height: 512, format: 'png', channels: 4 })
    const { inputFile } = await client.uploadFile({ file: png, fileName: 's.png' })
    const raw: tl.RawInputMediaUploadedDocument = {
      _: 'inputMediaUploadedDocument',
      file: inputFile,
      mimeType: 'image/png',
      attributes: [],
    }
    const drawn = await client.call({ _: 'messages.uploadMedia', peer: { _: 'inputPeerSelf' }, media: raw })
    const named = (document: tl.TypeDocument | undefined): tl.RawInputDocument => {
      const { id, accessHash, fileReference } = document as tl.RawDocument
      return { _: 'inputDocument', id, accessHash, fileReference }
    }
    const set = (await client.call({
      _: 'stickers.createStickerSet',
      userId: { _: 'inputUserSelf' },
      title: 'Hats',
      shortName: `hats_${randomBytes(4).toString('hex')}`,
      stickers: [
        {
          _: 'inputStickerSetItem',
          document: named((drawn as tl.RawMessageMediaDocument).document),
          emoji: '🎩',
        },
      ],
    })) as tl.messages.RawStickerSet
    const plain = (await upload()).media as tl.RawMessageMediaPhoto
    expect((plain.photo as tl.RawPhoto).hasStickers).toBe(false)
    await upload({ stickers: [named(set.documents[0])] })
    const photo = await eventually('Bob has it', async () => {
      const { media } = await newest(bob, alice.id)
      const got = media?._ === 'messageMediaPhoto' ? (media.photo as tl.RawPhoto) : undefined
      return got?.hasStickers ? got : undefined
    })
    const { id, accessHash, fileReference } = photo
    const attached = await bob.client.call({
      _: 'messages.getAttachedStickers',
      media: { _: 'inputStickeredMediaPhoto', id: { _: 'inputPhoto', id, accessHash, fileReference } },
    })
    expect(attached).toMatchObject([{ _: 'stickerSetCovered', set: { title: 'Hats', count: 1 } }])
    const forged = { _: 'inputPhoto', id, accessHash: Long.ONE, fileReference } as const
    await expect(
      bob.client.call({
        _: 'messages.getAttachedStickers',
        media: { _: 'inputStickeredMediaPhoto', id: forged },
      }),
    ).rejects.toMatchObject({ text: 'MEDIA_EMPTY' })
  })

  it('is shown from the channel on the page of its owner', async () => {
    const news = await alice.client.createChannel({ title: 'News' })
    const channel = await alice.client.resolveChannel(news.id)
    const username = `news_${randomBytes(4).toString('hex')}`
    await alice.client.call({ _: 'channels.updateUsername', channel, username })
    await alice.client.sendText(news.id, 'first')
    await alice.client.sendText(news.id, 'second')
    const userId = await bob.client.resolveUser(alice.id)
    const read = (limit: number) =>
      bob.client.call({
        _: 'messages.getPersonalChannelHistory',
        userId,
        limit,
        maxId: 0,
        minId: 0,
        hash: Long.ZERO,
      })
    expect(await read(1)).toMatchObject({ _: 'messages.messages', messages: [] })
    await alice.client.call({ _: 'account.updatePersonalChannel', channel })
    expect(await read(1)).toMatchObject({
      _: 'messages.channelMessages',
      count: 3,
      messages: [{ message: 'second' }],
    })
    const ranges = await bob.client.call({ _: 'messages.getSplitRanges' })
    expect(ranges).toEqual([{ _: 'messageRange', minId: 1, maxId: 0x7fff_ffff }])
  })

  it('can be reported for a reaction, where there is one', async () => {
    const peer = await alice.client.resolvePeer(group)
    const reactionPeer = await alice.client.resolvePeer(bob.id)
    const report = (id: number) => alice.client.call({ _: 'messages.reportReaction', peer, id, reactionPeer })
    const { id } = await send(alice.client, group, 'say something')
    await expect(report(id)).rejects.toMatchObject({ text: 'USER_ID_INVALID' })
    await bob.client.sendReaction({ chatId: group, message: id, emoji: '👍' })
    expect(await report(id)).toBe(true)
    await expect(report(9999)).rejects.toMatchObject({ text: 'MSG_ID_INVALID' })
  })
})
