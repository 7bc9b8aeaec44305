import { describe } from 'vitest'
import { groupPeer, say } from './chats.ts'
import { newTopic } from './places.ts'
import { refuses } from './refuses.ts'
import { byMessage, NO_CHANNEL, NO_GROUP, NO_MESSAGE, NOBODY, ownScene, userByMessage } from './scene.ts'

const PAGE = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: 0n } as const
const WEEK_MS = 7 * 24 * 3600 * 1000

describe('reading chats', () => {
  const s = ownScene()

  refuses('messages.getHistory', () => ({
    CHANNEL_INVALID: [s.alice, { ...PAGE, peer: NO_CHANNEL }],
    CHANNEL_PRIVATE: [s.carol, { ...PAGE, peer: s.carol.channelPeer(s.town) }],
    CHAT_ID_INVALID: [s.alice, { ...PAGE, peer: NO_GROUP }],
    MSG_ID_INVALID: [s.bob, { ...PAGE, peer: byMessage(s, s.bob) }],
    PEER_ID_INVALID: [s.alice, { ...PAGE, peer: NOBODY }],
  }))

  refuses('messages.getReplies', () => ({
    CHANNEL_INVALID: [s.alice, { ...PAGE, msgId: 1, peer: NO_CHANNEL }],
    CHANNEL_PRIVATE: [s.carol, { ...PAGE, msgId: 1, peer: s.carol.channelPeer(s.town) }],
    MSG_ID_INVALID: [s.bob, { ...PAGE, msgId: NO_MESSAGE, peer: s.bob.channelPeer(s.town) }],
    PEER_ID_INVALID: [s.alice, { ...PAGE, msgId: 1, peer: s.alice.peer(s.bob) }],
  }))

  refuses('messages.getDiscussionMessage', () => ({
    CHANNEL_INVALID: [s.alice, { msgId: 1, peer: NO_CHANNEL }],
    CHANNEL_PRIVATE: [s.carol, { msgId: 1, peer: s.carol.channelPeer(s.town) }],
    MSG_ID_INVALID: [s.bob, { msgId: NO_MESSAGE, peer: s.bob.channelPeer(s.town) }],
    PEER_ID_INVALID: [s.alice, { msgId: 1, peer: groupPeer(s.group) }],
  }))

  refuses(
    'messages.getDiscussionMessage',
    () => ({
      TOPIC_ID_INVALID: async () => {
        const peer = s.alice.channelPeer(s.forum)
        const msgId = await newTopic(s.alice, peer)
        await s.alice.call('messages.deleteTopicHistory', { peer, topMsgId: msgId })
        return [s.alice, { peer, msgId }]
      },
    }),
    'of a topic',
  )

  refuses('messages.readDiscussion', () => ({
    MSG_ID_INVALID: [s.bob, { msgId: NO_MESSAGE, readMaxId: 1, peer: s.bob.channelPeer(s.town) }],
    PEER_ID_INVALID: [s.alice, { msgId: 1, readMaxId: 1, peer: s.alice.peer(s.bob) }],
  }))

  refuses('messages.getUnreadMentions', () => ({
    CHANNEL_INVALID: [s.alice, { ...PAGE, peer: NO_CHANNEL }],
    CHANNEL_PRIVATE: [s.carol, { ...PAGE, peer: s.carol.channelPeer(s.town) }],
    MSG_ID_INVALID: [s.bob, { ...PAGE, peer: byMessage(s, s.bob) }],
    PEER_ID_INVALID: [s.alice, { ...PAGE, peer: NOBODY }],
  }))

  refuses('messages.readMentions', () => ({
    CHANNEL_INVALID: [s.alice, { peer: NO_CHANNEL }],
    CHANNEL_PRIVATE: [s.carol, { peer: s.carol.channelPeer(s.town) }],
    MSG_ID_INVALID: [s.bob, { peer: byMessage(s, s.bob) }],
    PEER_ID_INVALID: [s.alice, { peer: NOBODY }],
  }))

  refuses('messages.readReactions', () => ({ PEER_ID_INVALID: [s.alice, { peer: NOBODY }] }))

  refuses('messages.readHistory', () => ({
    CHANNEL_PRIVATE: [s.carol, { maxId: 0, peer: s.carol.channelPeer(s.town) }],
    CHAT_ID_INVALID: [s.erin, { maxId: 0, peer: groupPeer(s.group) }],
    MSG_ID_INVALID: [s.bob, { maxId: 0, peer: byMessage(s, s.bob) }],
    PEER_ID_INVALID: [s.alice, { maxId: 0, peer: NOBODY }],
  }))

  refuses('messages.getMessagesViews', () => ({
    CHANNEL_INVALID: [s.alice, { id: [1], increment: false, peer: NO_CHANNEL }],
    CHANNEL_PRIVATE: [s.carol, { id: [1], increment: false, peer: s.carol.channelPeer(s.news) }],
    CHAT_ID_INVALID: [s.erin, { id: [1], increment: false, peer: groupPeer(s.group) }],
    MSG_ID_INVALID: [s.bob, { id: [1], increment: false, peer: byMessage(s, s.bob) }],
    PEER_ID_INVALID: [s.alice, { id: [1], increment: false, peer: NOBODY }],
  }))

  refuses('messages.getMessageReadParticipants', () => ({
    MSG_ID_INVALID: [s.alice, { msgId: NO_MESSAGE, peer: s.alice.channelPeer(s.town) }],
    PEER_ID_INVALID: [s.alice, { msgId: 1, peer: s.alice.peer(s.bob) }],
    MSG_TOO_OLD: async () => {
      const peer = s.alice.channelPeer(s.town)
      s.world.aheadMs = -WEEK_MS - 60_000
      const msgId = await say(s.alice, peer)
      s.world.aheadMs = 0
      return [s.alice, { msgId, peer }]
    },
  }))

  refuses('messages.getMessagesReactions', () => ({
    CHANNEL_PRIVATE: [s.carol, { id: [1], peer: s.carol.channelPeer(s.town) }],
  }))

  refuses('messages.getOnlines', () => ({
    CHANNEL_PRIVATE: [s.carol, { peer: s.carol.channelPeer(s.town) }],
    CHAT_ID_INVALID: [s.erin, { peer: groupPeer(s.group) }],
    PEER_ID_INVALID: [s.alice, { peer: s.alice.peer(s.bob) }],
  }))

  refuses('messages.getCommonChats', () => ({
    MSG_ID_INVALID: [s.bob, { maxId: 0, limit: 10, userId: userByMessage(s, s.bob) }],
    USER_ID_INVALID: [s.alice, { maxId: 0, limit: 10, userId: { _: 'inputUserSelf' } }],
  }))

  refuses('messages.getChats', () => ({
    CHAT_ID_INVALID: [s.erin, { id: [987_654] }],
    PEER_ID_INVALID: [s.alice, { id: [-1] }],
  }))

  refuses('messages.getFullChat', () => ({
    CHAT_ID_INVALID: [s.erin, { chatId: s.group }],
    PEER_ID_INVALID: [s.alice, { chatId: 0 }],
  }))

  refuses('messages.getPeerSettings', () => ({
    CHANNEL_INVALID: [s.alice, { peer: NO_CHANNEL }],
    CHANNEL_PRIVATE: [s.carol, { peer: s.carol.channelPeer(s.town) }],
    MSG_ID_INVALID: [s.bob, { peer: byMessage(s, s.bob) }],
    PEER_ID_INVALID: [s.alice, { peer: NOBODY }],
  }))

  refuses('messages.report', () => ({
    CHANNEL_PRIVATE: [
      s.carol,
      { id: [1], option: new Uint8Array(), message: '', peer: s.carol.channelPeer(s.town) },
    ],
    PEER_ID_INVALID: [s.alice, { id: [1], option: new Uint8Array(), message: '', peer: NOBODY }],
  }))

  refuses('messages.getAttachMenuBot', () => ({ BOT_INVALID: [s.alice, { bot: s.alice.user(s.bob) }] }))

  refuses('messages.reportSpam', () => ({
    CHANNEL_PRIVATE: [s.carol, { peer: s.carol.channelPeer(s.town) }],
    MSG_ID_INVALID: [s.bob, { peer: byMessage(s, s.bob) }],
    PEER_ID_INVALID: [s.alice, { peer: NOBODY }],
  }))
})
