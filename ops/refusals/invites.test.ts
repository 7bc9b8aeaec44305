import { beforeAll, describe } from 'vitest'
import { ban, groupPeer, linkTo, newChannel } from './chats.ts'
import { refuses } from './refuses.ts'
import { NO_CHANNEL, NO_USER, ownScene } from './scene.ts'

const NO_LINK = 'https://t.me/+nothingOfThatKind'
const LINK = 'https://t.me/+'

describe('links of invitation', () => {
  const s = ownScene()
  /** A link of Alice's to the town. */
  let link: string
  beforeAll(async () => {
    link = LINK + (await linkTo(s.alice, s.town, { usageLimit: 5 }))
  })

  refuses('messages.exportChatInvite', () => ({
    CHANNEL_INVALID: [s.alice, { peer: NO_CHANNEL }],
    CHANNEL_PRIVATE: [s.carol, { peer: s.carol.channelPeer(s.town) }],
    CHAT_ADMIN_REQUIRED: [s.bob, { peer: s.bob.channelPeer(s.town) }],
    CHAT_ID_INVALID: [s.erin, { peer: groupPeer(s.group) }],
    CHAT_WRITE_FORBIDDEN: [s.carol, { peer: groupPeer(s.group) }],
    EXPIRE_DATE_INVALID: [s.alice, { peer: s.alice.channelPeer(s.town), expireDate: 5 }],
    PEER_ID_INVALID: [s.alice, { peer: s.alice.peer(s.bob) }],
    USAGE_LIMIT_INVALID: [s.alice, { peer: s.alice.channelPeer(s.town), usageLimit: 100_000 }],
  }))

  refuses('messages.editExportedChatInvite', () => ({
    CHAT_ADMIN_REQUIRED: [s.bob, { peer: s.bob.channelPeer(s.town), link, title: 'new' }],
    CHAT_INVITE_PERMANENT: async () => {
      const permanent = LINK + (await linkTo(s.alice, s.town))
      return [s.alice, { peer: s.alice.channelPeer(s.town), link: permanent, title: 'new' }]
    },
    CHAT_WRITE_FORBIDDEN: [s.carol, { peer: groupPeer(s.group), link, title: 'new' }],
    INVITE_HASH_EXPIRED: [s.alice, { peer: s.alice.channelPeer(s.town), link: NO_LINK, title: 'new' }],
    PEER_ID_INVALID: [s.alice, { peer: s.alice.peer(s.bob), link, title: 'new' }],
  }))

  refuses('messages.deleteExportedChatInvite', () => ({
    INVITE_HASH_EXPIRED: [s.alice, { peer: s.alice.channelPeer(s.town), link: NO_LINK }],
    INVITE_REVOKED_MISSING: [s.alice, { peer: s.alice.channelPeer(s.town), link }],
    PEER_ID_INVALID: [s.alice, { peer: s.alice.peer(s.bob), link }],
  }))

  refuses('messages.deleteRevokedExportedChatInvites', () => ({
    ADMIN_ID_INVALID: [s.alice, { peer: s.alice.channelPeer(s.town), adminId: NO_USER }],
    PEER_ID_INVALID: [s.alice, { peer: s.alice.peer(s.bob), adminId: { _: 'inputUserSelf' } }],
  }))

  refuses('messages.getAdminsWithInvites', () => ({
    CHAT_ADMIN_REQUIRED: [s.bob, { peer: s.bob.channelPeer(s.town) }],
    CHAT_WRITE_FORBIDDEN: [s.carol, { peer: groupPeer(s.group) }],
    PEER_ID_INVALID: [s.alice, { peer: s.alice.peer(s.bob) }],
  }))

  refuses('messages.getChatInviteImporters', () => {
    const page = { offsetDate: 0, offsetUser: { _: 'inputUserEmpty' }, limit: 10 } as const
    return {
      CHANNEL_PRIVATE: [s.carol, { ...page, link, peer: s.carol.channelPeer(s.town) }],
      CHAT_ADMIN_REQUIRED: [s.bob, { ...page, link, peer: s.bob.channelPeer(s.town) }],
      CHAT_WRITE_FORBIDDEN: [s.carol, { ...page, link, peer: groupPeer(s.group) }],
      INVITE_HASH_EXPIRED: [s.alice, { ...page, link: NO_LINK, peer: s.alice.channelPeer(s.town) }],
      PEER_ID_INVALID: [s.alice, { ...page, link, peer: s.alice.peer(s.bob) }],
      SEARCH_WITH_LINK_NOT_SUPPORTED: [
        s.alice,
        { ...page, link, q: 'bob', peer: s.alice.channelPeer(s.town) },
      ],
    }
  })

  refuses('messages.getExportedChatInvite', () => ({
    CHANNEL_PRIVATE: [s.carol, { link, peer: s.carol.channelPeer(s.town) }],
    CHAT_ADMIN_REQUIRED: [s.bob, { link, peer: s.bob.channelPeer(s.town) }],
    CHAT_WRITE_FORBIDDEN: [s.carol, { link, peer: groupPeer(s.group) }],
    INVITE_HASH_EXPIRED: [s.alice, { link: NO_LINK, peer: s.alice.channelPeer(s.town) }],
    PEER_ID_INVALID: [s.alice, { link, peer: s.alice.peer(s.bob) }],
  }))

  refuses('messages.getExportedChatInvites', () => {
    const own = { adminId: { _: 'inputUserSelf' }, limit: 10 } as const
    return {
      ADMIN_ID_INVALID: [s.alice, { limit: 10, adminId: NO_USER, peer: s.alice.channelPeer(s.town) }],
      CHANNEL_INVALID: [s.alice, { ...own, peer: NO_CHANNEL }],
      CHANNEL_PRIVATE: [s.carol, { ...own, peer: s.carol.channelPeer(s.town) }],
      CHAT_ADMIN_REQUIRED: [s.bob, { ...own, peer: s.bob.channelPeer(s.town) }],
      CHAT_WRITE_FORBIDDEN: [s.carol, { ...own, peer: groupPeer(s.group) }],
      PEER_ID_INVALID: [s.alice, { ...own, peer: s.alice.peer(s.bob) }],
    }
  })

  refuses('messages.hideAllChatJoinRequests', () => ({
    CHANNEL_PRIVATE: [s.carol, { peer: s.carol.channelPeer(s.town) }],
    CHAT_ADMIN_REQUIRED: [s.bob, { peer: s.bob.channelPeer(s.town) }],
    CHAT_WRITE_FORBIDDEN: [s.carol, { peer: groupPeer(s.group) }],
    HIDE_REQUESTER_MISSING: [s.alice, { peer: s.alice.channelPeer(s.town) }],
    INVITE_HASH_EXPIRED: [s.alice, { peer: s.alice.channelPeer(s.town), link: NO_LINK }],
    PEER_ID_INVALID: [s.alice, { peer: s.alice.peer(s.bob) }],
  }))

  refuses('messages.hideChatJoinRequest', () => {
    const peer = s.alice.channelPeer(s.town)
    return {
      CHAT_ADMIN_REQUIRED: [s.bob, { peer: s.bob.channelPeer(s.town), userId: s.bob.user(s.carol) }],
      HIDE_REQUESTER_MISSING: [s.alice, { peer, userId: s.alice.user(s.carol) }],
      INPUT_USER_DEACTIVATED: [s.alice, { peer, userId: s.alice.user(s.dave) }],
      PEER_ID_INVALID: [s.alice, { peer: s.alice.peer(s.bob), userId: s.alice.user(s.bob) }],
      USER_ALREADY_PARTICIPANT: [s.alice, { peer, userId: s.alice.user(s.bob) }],
      USER_ID_INVALID: [s.alice, { peer, userId: NO_USER }],
    }
  })

  refuses(
    'messages.hideChatJoinRequest',
    async () => {
      const id = await newChannel(s.alice, { megagroup: true })
      const hash = await linkTo(s.alice, id, { requestNeeded: true })
      await s.bob.call('messages.importChatInvite', { hash }).catch(() => undefined)
      await ban(s.alice, id, s.bob)
      const peer = s.alice.channelPeer(id)
      return { HIDE_REQUESTER_MISSING: [s.alice, { peer, userId: s.alice.user(s.bob), approved: true }] }
    },
    'of who asked and was removed since',
  )

  refuses('messages.checkChatInvite', () => ({
    INVITE_HASH_EMPTY: [s.carol, { hash: '' }],
    INVITE_HASH_INVALID: [s.carol, { hash: 'nothingOfThatKind' }],
    INVITE_HASH_EXPIRED: async () => {
      const id = await newChannel(s.alice, { megagroup: true })
      const hash = await linkTo(s.alice, id)
      await s.alice.call('channels.deleteChannel', { channel: s.alice.channel(id) })
      return [s.carol, { hash }]
    },
  }))

  refuses('messages.importChatInvite', () => ({
    INVITE_HASH_EMPTY: [s.carol, { hash: '' }],
    INVITE_HASH_INVALID: [s.carol, { hash: 'nothingOfThatKind' }],
    INVITE_REQUEST_SENT: async () => {
      const id = await newChannel(s.alice, { megagroup: true })
      return [s.carol, { hash: await linkTo(s.alice, id, { requestNeeded: true }) }]
    },
    USER_ALREADY_PARTICIPANT: async () => [s.bob, { hash: await linkTo(s.alice, s.town) }],
  }))
})
