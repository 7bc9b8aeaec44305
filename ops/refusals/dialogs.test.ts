import { describe } from 'vitest'
import { groupPeer, newChannel, randomId, say } from './chats.ts'
import { refuses } from './refuses.ts'
import { byMessage, NO_CHANNEL, NO_GROUP, NO_MESSAGE, NOBODY, ownScene } from './scene.ts'

const FIRST = { offsetDate: 0, offsetId: 0, limit: 10, hash: 0n } as const
const MAX_PINNED = 5
const dialog = <P>(peer: P) => ({ _: 'inputDialogPeer', peer }) as const
const BAD_ENTITY = { _: 'messageEntityBold', offset: 3, length: 99 } as const

describe('lists of chats', () => {
  const s = ownScene()

  refuses('messages.getDialogs', () => ({
    FOLDER_ID_INVALID: [s.alice, { ...FIRST, folderId: 7, offsetPeer: NOBODY }],
    OFFSET_PEER_ID_INVALID: [s.alice, { ...FIRST, offsetPeer: { ...s.alice.peer(s.bob), userId: 0 } }],
  }))

  refuses('messages.getPinnedDialogs', () => ({ FOLDER_ID_INVALID: [s.alice, { folderId: 7 }] }))

  refuses('messages.getPeerDialogs', () => ({
    CHANNEL_INVALID: [s.alice, { peers: [dialog(NO_CHANNEL)] }],
    CHANNEL_PRIVATE: [s.carol, { peers: [dialog(s.carol.channelPeer(s.town))] }],
    MSG_ID_INVALID: [s.bob, { peers: [dialog(byMessage(s, s.bob))] }],
    PEER_ID_INVALID: [s.alice, { peers: [dialog(NOBODY)] }],
  }))

  refuses('messages.markDialogUnread', () => ({ PEER_ID_INVALID: [s.alice, { peer: dialog(NOBODY) }] }))

  refuses('messages.reorderPinnedDialogs', () => ({
    PEER_ID_INVALID: [s.alice, { folderId: 0, order: [dialog(NOBODY)] }],
  }))

  refuses('messages.toggleDialogPin', () => ({
    CHANNEL_PRIVATE: [s.carol, { pinned: true, peer: dialog(s.carol.channelPeer(s.town)) }],
    PEER_HISTORY_EMPTY: [s.alice, { pinned: true, peer: dialog(s.alice.peer(s.carol)) }],
    PEER_ID_INVALID: [s.alice, { pinned: true, peer: dialog(NOBODY) }],
    PINNED_DIALOGS_TOO_MUCH: async () => {
      const ids: number[] = []
      for (let i = 0; i <= MAX_PINNED; i++) ids.push(await newChannel(s.alice, { megagroup: true }))
      const last = ids.pop()!
      for (const id of ids)
        await s.alice.call('messages.toggleDialogPin', {
          pinned: true,
          peer: dialog(s.alice.channelPeer(id)),
        })
      return [s.alice, { pinned: true, peer: dialog(s.alice.channelPeer(last)) }]
    },
  }))

  refuses('messages.saveDraft', () => ({
    ENTITY_BOUNDS_INVALID: [s.alice, { peer: s.alice.peer(s.bob), message: 'words', entities: [BAD_ENTITY] }],
    MSG_ID_INVALID: [s.bob, { peer: byMessage(s, s.bob), message: 'words' }],
    PEER_ID_INVALID: [s.alice, { peer: NOBODY, message: 'words' }],
  }))

  refuses('messages.updateDialogFilter', () => {
    const title = { _: 'textWithEntities', text: 'Folder', entities: [] } as const
    const filter = {
      _: 'dialogFilter',
      id: 2,
      title,
      pinnedPeers: [],
      includePeers: [s.alice.peer(s.bob)],
      excludePeers: [],
    } as const
    return {
      CHAT_ID_INVALID: [s.alice, { id: 2, filter: { ...filter, includePeers: [groupPeer(0)] } }],
      FILTER_ID_INVALID: [s.alice, { id: 1, filter }],
      FILTER_INCLUDE_EMPTY: [s.alice, { id: 2, filter: { ...filter, includePeers: [] } }],
      FILTER_TITLE_EMPTY: [s.alice, { id: 2, filter: { ...filter, title: { ...title, text: '' } } }],
    }
  })

  refuses('messages.getSearchCounters', () => ({
    PEER_ID_INVALID: [s.alice, { peer: NOBODY, filters: [{ _: 'inputMessagesFilterPhotos' }] }],
  }))

  refuses('messages.search', () => {
    const query = {
      q: 'words',
      filter: { _: 'inputMessagesFilterEmpty' },
      minDate: 0,
      maxDate: 0,
      offsetId: 0,
      addOffset: 0,
      limit: 10,
      maxId: 0,
      minId: 0,
      hash: 0n,
    } as const
    const fromId = { ...s.alice.peer(s.bob), accessHash: 1n }
    return {
      CHANNEL_INVALID: [s.alice, { ...query, peer: NO_CHANNEL }],
      CHANNEL_PRIVATE: [s.carol, { ...query, peer: s.carol.channelPeer(s.town) }],
      CHAT_ID_INVALID: [s.alice, { ...query, peer: NO_GROUP }],
      FROM_PEER_INVALID: [s.alice, { ...query, peer: groupPeer(s.group), fromId }],
      MSG_ID_INVALID: [s.bob, { ...query, peer: byMessage(s, s.bob) }],
      PEER_ID_INVALID: [s.alice, { ...query, peer: { ...s.alice.peer(s.bob), accessHash: 1n } }],
      SEARCH_QUERY_EMPTY: [s.alice, { ...query, q: '', peer: NOBODY }],
    }
  })

  refuses('messages.searchGlobal', () => ({
    FOLDER_ID_INVALID: [
      s.alice,
      {
        folderId: 7,
        q: 'words',
        filter: { _: 'inputMessagesFilterEmpty' },
        minDate: 0,
        maxDate: 0,
        offsetRate: 0,
        offsetPeer: NOBODY,
        offsetId: 0,
        limit: 10,
      },
    ],
  }))

  refuses('messages.searchSentMedia', () => ({
    FILTER_NOT_SUPPORTED: [s.alice, { q: '', filter: { _: 'inputMessagesFilterEmpty' }, limit: 10 }],
  }))

  refuses('messages.getScheduledHistory', () => ({
    CHAT_ADMIN_REQUIRED: [s.bob, { peer: s.bob.channelPeer(s.news), hash: 0n }],
    PEER_ID_INVALID: [s.alice, { peer: NOBODY, hash: 0n }],
  }))

  refuses('messages.getScheduledMessages', () => ({
    CHAT_ADMIN_REQUIRED: [s.bob, { peer: s.bob.channelPeer(s.news), id: [1] }],
    PEER_ID_INVALID: [s.alice, { peer: NOBODY, id: [1] }],
  }))

  refuses('messages.sendScheduledMessages', () => ({
    MESSAGE_ID_INVALID: [s.alice, { peer: s.alice.peer(s.bob), id: [NO_MESSAGE] }],
    PEER_ID_INVALID: [s.alice, { peer: NOBODY, id: [1] }],
  }))

  refuses('messages.setTyping', async () => {
    const action = { _: 'sendMessageTypingAction' } as const
    const quiet = await newChannel(s.alice, { megagroup: true }, [s.bob])
    const bannedRights = { _: 'chatBannedRights', sendMessages: true, untilDate: 0 } as const
    return {
      CHANNEL_INVALID: [s.alice, { action, peer: NO_CHANNEL }],
      CHANNEL_PRIVATE: [s.carol, { action, peer: s.carol.channelPeer(s.town) }],
      CHAT_ADMIN_REQUIRED: [s.bob, { action, peer: s.bob.channelPeer(s.news) }],
      CHAT_ID_INVALID: [s.erin, { action, peer: groupPeer(s.group) }],
      CHAT_WRITE_FORBIDDEN: [s.carol, { action, peer: groupPeer(s.group) }],
      INPUT_USER_DEACTIVATED: [s.alice, { action, peer: s.alice.peer(s.dave) }],
      MSG_ID_INVALID: [s.bob, { action, peer: byMessage(s, s.bob) }],
      PEER_ID_INVALID: [s.alice, { action, peer: NOBODY }],
      USER_IS_BOT: [
        s.alice,
        {
          peer: s.alice.peer(s.bob),
          action: { _: 'inputSendMessageRichMessageDraftAction' } as never,
        },
      ],
      USER_BANNED_IN_CHANNEL: async () => {
        const [channel, participant] = [s.alice.channel(quiet), s.alice.peer(s.bob)]
        await s.alice.call('channels.editBanned', { channel, participant, bannedRights })
        return [s.bob, { action, peer: s.bob.channelPeer(quiet) }]
      },
      USER_IS_BLOCKED: async () => {
        await s.carol.call('contacts.block', { id: s.carol.peer(s.bob) })
        return [s.bob, { action, peer: s.bob.peer(s.carol) }]
      },
    }
  })

  refuses('messages.sendScreenshotNotification', () => {
    const replyTo = { _: 'inputReplyToMessage', replyToMsgId: 1 } as const
    return {
      INPUT_USER_DEACTIVATED: [s.alice, { peer: s.alice.peer(s.dave), replyTo, randomId: randomId() }],
      PEER_ID_INVALID: [s.alice, { peer: NOBODY, replyTo, randomId: randomId() }],
      YOU_BLOCKED_USER: async () => {
        const peer = s.alice.peer(s.carol)
        await say(s.alice, peer)
        await s.alice.call('contacts.block', { id: peer })
        return [s.alice, { peer, replyTo, randomId: randomId() }]
      },
    }
  })
})
