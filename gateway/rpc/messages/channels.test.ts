import type { UserId } from '@heliograph/schemas/avro'
import { encodeObject } from '@heliograph/schemas/tl'
import { channelReads, channelStates, type Mutation, pinnedMessages } from '@heliograph/storage'
import { beforeEach, describe, expect, it } from 'vitest'
import { accessHash } from '../access-hash.ts'
import { getMessages } from '../channels/messages/get-messages.ts'
import { addUsers, ChannelRig } from './channel-rig.ts'
import { getDialogs } from './dialogs/dialogs.ts'
import { getHistory } from './read/history.ts'
import { sendMessage } from './send/send-message.ts'
import { ALICE, BOB, NOW, Rig } from './test-rig.ts'

const CAROL = 1_000_000_003 as UserId
const upsert = (table: Mutation['table'], row: Record<string, unknown>): Mutation => ({
  kind: 'upsert',
  table,
  row,
})

describe('messages of a channel', () => {
  let rig: Rig
  let channel: ChannelRig
  beforeEach(async () => {
    rig = await Rig.start()
    await addUsers(rig, { [ALICE]: 'Alice', [BOB]: 'Bob', [CAROL]: 'Carol' })
    channel = await new ChannelRig(rig, 77).create('supergroup', [ALICE, BOB])
  })

  const hashOf = (user: UserId) => accessHash(rig.services.keyring, user, 'channel', 77)
  const peerFor = (user: UserId) =>
    ({ _: 'inputPeerChannel', channelId: 77, accessHash: hashOf(user) }) as const
  const historyOf = (user: UserId, more: object = {}) =>
    Promise.resolve(getHistory({ ...PAGE, peer: peerFor(user), ...more } as never, rig.context(user)))

  describe('messages.getHistory', () => {
    it('pages by the ids that are the same for all, over deleted ones', async () => {
      for (const text of ['one', 'two', 'three', 'four']) await channel.post(ALICE, text)
      await channel.delete([3])
      expect(await historyOf(BOB)).toMatchObject({
        _: 'messages.channelMessages',
        pts: 6,
        messages: [{ id: 4 }, { id: 2 }, { id: 1 }],
        chats: [{ id: 77 }],
        users: expect.arrayContaining([expect.objectContaining({ id: ALICE })]),
      })
      expect(await historyOf(BOB, { offsetId: 4, limit: 1 })).toMatchObject({ messages: [{ id: 2 }] })
    })

    it('shows nothing of what the user has cleared', async () => {
      for (const text of ['one', 'two']) await channel.post(ALICE, text)
      await rig.apply([
        upsert(channelStates, { userId: BOB, chatId: channel.chatId, readSeq: 1, clearedSeq: 1, date: NOW }),
      ])
      expect(await historyOf(BOB)).toMatchObject({ messages: [{ id: 2 }] })
      expect(await historyOf(ALICE)).toMatchObject({ messages: [{ id: 2 }, { id: 1 }] })
    })

    it('is closed to outsiders', async () => {
      await expect(historyOf(CAROL)).rejects.toThrow('CHANNEL_PRIVATE')
    })

    it('names who sent what, and posts only where they are signed', async () => {
      await channel.post(ALICE, 'as myself')
      await channel.post(ALICE, 'as the group', { extra: { postAs: channel.peerId } })
      expect(await historyOf(BOB)).toMatchObject({
        messages: [{ fromId: { channelId: 77 } }, { fromId: { userId: ALICE } }],
      })
      const news = await new ChannelRig(rig, 78).create('broadcast', [ALICE, BOB])
      await news.post(ALICE, 'news', { extra: { postAs: news.peerId } })
      const peer = {
        ...peerFor(BOB),
        channelId: 78,
        accessHash: accessHash(rig.services.keyring, BOB, 'channel', 78),
      }
      const page = (await historyOf(BOB, { peer })) as unknown as {
        messages: { fromId?: object; post?: boolean }[]
      }
      expect(page.messages).toMatchObject([{ post: true, message: 'news' }])
      expect(page.messages[0]).not.toHaveProperty('fromId')
    })
  })

  it('channels.getMessages gives messages by id, what they answer, and empty ones', async () => {
    await channel.post(ALICE, 'question')
    await channel.post(BOB, 'answer', { replyToSeq: 1 })
    const input = { _: 'inputChannel', channelId: 77, accessHash: hashOf(BOB) }
    const id = [
      { _: 'inputMessageID', id: 2 },
      { _: 'inputMessageReplyTo', id: 2 },
      { _: 'inputMessageID', id: 9 },
    ]
    const answer = await getMessages(
      { _: 'channels.getMessages', channel: input, id } as never,
      rig.context(BOB),
    )
    expect(answer).toMatchObject({
      messages: [{ id: 2, replyTo: { replyToMsgId: 1 } }, { id: 1 }, { _: 'messageEmpty', id: 9 }],
    })
  })

  it('channels.getMessages gives the newest pinned message, and an empty one where there is none', async () => {
    const input = { _: 'inputChannel', channelId: 77, accessHash: hashOf(BOB) }
    const pinned = () =>
      getMessages(
        { _: 'channels.getMessages', channel: input, id: [{ _: 'inputMessagePinned' }] } as never,
        rig.context(BOB),
      )
    for (const text of ['one', 'two', 'three']) await channel.post(ALICE, text)
    expect(await pinned()).toMatchObject({ messages: [{ _: 'messageEmpty' }] })
    const { chatId } = channel
    const pin = { chatId, date: NOW, byUserId: ALICE, pinnedFor: [] }
    await rig.apply([1, 2].map((seq) => upsert(pinnedMessages, { ...pin, seq })))
    expect(await pinned()).toMatchObject({ messages: [{ id: 2, message: 'two', pinned: true }] })
  })

  describe('messages.getDialogs', () => {
    const dialogsOf = (user: UserId) =>
      Promise.resolve(getDialogs({ ...DIALOGS } as never, rig.context(user)))

    it('orders channels among the others by their last message, with what is unread', async () => {
      await rig.write(BOB, ALICE, 'private')
      await channel.post(ALICE, 'one')
      await channel.post(ALICE, 'two')
      await channel.post(ALICE, 'three')
      await rig.apply([
        upsert(channelStates, { userId: BOB, chatId: channel.chatId, readSeq: 1, date: NOW }),
        upsert(channelReads, { chatId: channel.chatId, topReaderId: BOB, topReadSeq: 1, secondReadSeq: 0 }),
      ])
      expect(await dialogsOf(BOB)).toMatchObject({
        dialogs: [
          {
            peer: { _: 'peerChannel', channelId: 77 },
            topMessage: 3,
            unreadCount: 2,
            readInboxMaxId: 1,
            readOutboxMaxId: 0,
            pts: 4,
          },
          { peer: { _: 'peerUser', userId: ALICE } },
        ],
        chats: [{ id: 77 }],
      })
      expect(await dialogsOf(ALICE)).toMatchObject({ dialogs: [{ unreadCount: 0, readOutboxMaxId: 1 }] })
    })

    it('counts nothing before what the user said itself', async () => {
      await channel.post(ALICE, 'one')
      await channel.post(BOB, 'mine')
      await channel.post(ALICE, 'two')
      expect(await dialogsOf(BOB)).toMatchObject({ dialogs: [{ unreadCount: 1 }] })
    })
  })

  describe('messages.sendMessage', () => {
    interface Asked {
      readonly topic: string
      readonly key: string
      readonly record: Record<string, unknown>
    }
    let asked: Asked[]
    const send = (user: UserId, message: string, more: object = {}) => {
      asked = []
      const commands = {
        ask: async (topic: string, key: string, record: Asked['record']) => {
          asked.push({ topic, key, record })
          return { mailbox: null, channel: { seq: 5, date: NOW, pts: 9, ptsCount: 1 } }
        },
      }
      const context = { ...rig.context(user) }
      const services = { ...context.services, commands } as never
      const call = { _: 'messages.sendMessage', peer: peerFor(user), message, randomId: 7n, ...more }
      return Promise.resolve(sendMessage(call as never, { ...context, services }))
    }

    it('answers with the id and pts of the channel', async () => {
      const updates = await send(BOB, 'hello')
      expect(updates).toMatchObject({
        updates: [
          { _: 'updateMessageID', id: 5, randomId: 7n },
          {
            _: 'updateNewChannelMessage',
            pts: 9,
            message: {
              id: 5,
              out: true,
              message: 'hello',
              fromId: { userId: BOB },
              peerId: { channelId: 77 },
            },
          },
        ],
        chats: [{ _: 'channel', id: 77 }],
      })
      expect(() => encodeObject(updates, 198)).not.toThrow()
      expect(asked).toMatchObject([
        { topic: 'chat.commands', key: 'c77', record: { chatId: 'c77', senderId: BOB, extra: null } },
      ])
    })

    it('tells the actor whom it mentions and what it answers', async () => {
      await channel.post(ALICE, 'question')
      const mention = {
        _: 'inputMessageEntityMentionName',
        offset: 0,
        length: 5,
        userId: {
          _: 'inputUser',
          userId: ALICE,
          accessHash: accessHash(rig.services.keyring, BOB, 'user', ALICE),
        },
      }
      const replyTo = { _: 'inputReplyToMessage', replyToMsgId: 1 }
      await send(BOB, 'Alice, yes', { entities: [mention], replyTo })
      expect(asked).toMatchObject([
        { record: { replyToSeq: 1, extra: { mentions: [ALICE], threadSeq: 1, postAs: null } } },
      ])
    })

    it('posts in the name of a broadcast channel, signed where it wants that', async () => {
      await channel.create('broadcast', [ALICE], { flags: ['signatures'] })
      const updates = await send(ALICE, 'news')
      expect(updates).toMatchObject({
        updates: [{}, { message: { post: true, postAuthor: 'Alice', out: true } }],
      })
      expect(asked).toMatchObject([{ record: { extra: { postAs: channel.peerId } } }])
    })

    it('sends as nobody but oneself without the right to', async () => {
      const group = peerFor(BOB)
      await expect(send(BOB, 'as the group', { sendAs: group })).rejects.toThrow('SEND_AS_PEER_INVALID')
    })

    it('answers a message of another chat by its header', async () => {
      await rig.write(BOB, ALICE, 'a secret thing')
      const from = {
        _: 'inputPeerUser',
        userId: ALICE,
        accessHash: accessHash(rig.services.keyring, BOB, 'user', ALICE),
      }
      const replyTo = { _: 'inputReplyToMessage', replyToMsgId: 1, replyToPeerId: from }
      expect(await send(BOB, 'see', { replyTo })).toMatchObject({
        updates: [
          {},
          { message: { replyTo: { replyFrom: { fromId: { userId: ALICE } }, quoteText: 'a secret thing' } } },
        ],
      })
      expect(asked).toMatchObject([{ record: { replyToSeq: null } }])
    })
  })
})

const PAGE = {
  _: 'messages.getHistory',
  offsetId: 0,
  offsetDate: 0,
  addOffset: 0,
  limit: 100,
  maxId: 0,
  minId: 0,
  hash: 0n,
}
const DIALOGS = {
  _: 'messages.getDialogs',
  offsetDate: 0,
  offsetId: 0,
  offsetPeer: { _: 'inputPeerEmpty' },
  limit: 100,
  hash: 0n,
}
