import { afterAll, beforeAll, describe } from 'vitest'
import { groupPeer, lastIn, linkTo, newGroup, say } from './chats.ts'
import { crowd } from './crowd.ts'
import { refuses } from './refuses.ts'
import { NO_CHANNEL, NO_GROUP, NO_USER, NOBODY, ownScene, userByMessage } from './scene.ts'

const MAX_GROUP_MEMBERS = 200
const NO_RIGHTS = { _: 'chatBannedRights', untilDate: 0 } as const
const NO_INVITING = { ...NO_RIGHTS, inviteUsers: true } as const

describe('groups and what is set in chats', () => {
  const s = ownScene()

  refuses('messages.createChat', () => ({
    CHAT_TITLE_EMPTY: [s.alice, { users: [], title: ' ' }],
    INPUT_USER_DEACTIVATED: [s.alice, { users: [s.alice.user(s.dave)], title: 'Group' }],
  }))

  refuses('messages.addChatUser', async () => {
    const strict = await newGroup(s.alice, [s.bob])
    const bannedRights = NO_INVITING
    await s.alice.call('messages.editChatDefaultBannedRights', { peer: groupPeer(strict), bannedRights })
    const [fay, gil] = await Promise.all([s.world.person('Fay'), s.world.person('Gil')])
    await fay.meets(s.alice, s.bob)
    await gil.meets(s.alice, s.bob)
    const chatId = s.group
    const adding = { chatId, fwdLimit: 0 } as const
    return {
      CHAT_ADMIN_REQUIRED: [s.bob, { chatId: strict, fwdLimit: 0, userId: s.bob.user(s.carol) }],
      CHAT_ID_INVALID: [s.erin, { ...adding, userId: { _: 'inputUserSelf' } }],
      CHAT_WRITE_FORBIDDEN: [s.carol, { ...adding, userId: s.carol.user(s.bob) }],
      INPUT_USER_DEACTIVATED: [s.alice, { ...adding, userId: s.alice.user(s.dave) }],
      MSG_ID_INVALID: [s.bob, { ...adding, userId: userByMessage(s, s.bob) }],
      PEER_ID_INVALID: [s.alice, { chatId: -5, fwdLimit: 0, userId: s.alice.user(s.bob) }],
      USER_ALREADY_PARTICIPANT: [s.alice, { ...adding, userId: s.alice.user(s.bob) }],
      USER_ID_INVALID: [s.alice, { ...adding, userId: NO_USER }],
      USER_NOT_MUTUAL_CONTACT: async () => {
        await s.bob.call('messages.addChatUser', { ...adding, userId: s.bob.user(fay) })
        await fay.call('messages.deleteChatUser', { chatId, userId: { _: 'inputUserSelf' } })
        await fay.call('contacts.deleteContacts', { id: [fay.user(s.bob)] })
        return [s.bob, { ...adding, userId: s.bob.user(fay) }]
      },
      USER_IS_BLOCKED: async () => {
        await gil.call('contacts.block', { id: gil.peer(s.alice) })
        return [s.alice, { ...adding, userId: s.alice.user(gil) }]
      },
      YOU_BLOCKED_USER: async () => {
        await s.bob.call('contacts.block', { id: s.bob.peer(gil) })
        return [s.bob, { ...adding, userId: s.bob.user(gil) }]
      },
    }
  })

  refuses('messages.deleteChat', () => ({
    CHAT_ADMIN_REQUIRED: [s.bob, { chatId: s.group }],
    CHAT_ID_INVALID: [s.erin, { chatId: s.group }],
    PEER_ID_INVALID: [s.alice, { chatId: 0 }],
  }))

  refuses('messages.deleteChatUser', () => ({
    CHAT_ADMIN_REQUIRED: [s.bob, { chatId: s.group, userId: s.bob.user(s.alice) }],
    CHAT_ID_INVALID: [s.erin, { chatId: s.group, userId: { _: 'inputUserSelf' } }],
    PEER_ID_INVALID: [s.alice, { chatId: 0, userId: s.alice.user(s.bob) }],
    USER_ID_INVALID: [s.alice, { chatId: s.group, userId: NO_USER }],
    USER_NOT_PARTICIPANT: [s.alice, { chatId: s.group, userId: s.alice.user(s.dave) }],
  }))

  refuses('messages.editChatAbout', () => ({
    CHANNEL_INVALID: [s.alice, { about: 'new', peer: NO_CHANNEL }],
    CHANNEL_PRIVATE: [s.carol, { about: 'new', peer: s.carol.channelPeer(s.town) }],
    CHAT_ABOUT_NOT_MODIFIED: [s.alice, { about: '', peer: groupPeer(s.group) }],
    CHAT_ABOUT_TOO_LONG: [s.alice, { about: 'x'.repeat(256), peer: groupPeer(s.group) }],
    CHAT_ADMIN_REQUIRED: [s.bob, { about: 'new', peer: s.bob.channelPeer(s.news) }],
    CHAT_ID_INVALID: [s.erin, { about: 'new', peer: groupPeer(s.group) }],
    CHAT_WRITE_FORBIDDEN: [s.carol, { about: 'new', peer: groupPeer(s.group) }],
    PEER_ID_INVALID: [s.alice, { about: 'new', peer: s.alice.peer(s.bob) }],
  }))

  refuses('messages.editChatAdmin', () => ({
    CHAT_ID_INVALID: [s.erin, { chatId: s.group, userId: { _: 'inputUserSelf' }, isAdmin: true }],
    PEER_ID_INVALID: [s.alice, { chatId: 0, userId: s.alice.user(s.bob), isAdmin: true }],
    USER_ID_INVALID: [s.alice, { chatId: s.group, userId: NO_USER, isAdmin: true }],
    USER_NOT_PARTICIPANT: [s.alice, { chatId: s.group, userId: s.alice.user(s.carol), isAdmin: true }],
  }))

  refuses('messages.editChatDefaultBannedRights', () => ({
    CHAT_ADMIN_REQUIRED: [s.bob, { peer: s.bob.channelPeer(s.town), bannedRights: NO_INVITING }],
    CHAT_NOT_MODIFIED: [s.alice, { peer: groupPeer(s.group), bannedRights: NO_RIGHTS }],
    CHAT_WRITE_FORBIDDEN: [s.carol, { peer: groupPeer(s.group), bannedRights: NO_INVITING }],
    PEER_ID_INVALID: [s.alice, { peer: s.alice.peer(s.bob), bannedRights: NO_INVITING }],
  }))

  refuses('messages.editChatPhoto', () => {
    const none = { _: 'inputChatPhotoEmpty' } as const
    return {
      CHAT_ID_INVALID: [s.erin, { chatId: s.group, photo: none }],
      CHAT_NOT_MODIFIED: [s.alice, { chatId: s.group, photo: none }],
      PEER_ID_INVALID: [s.alice, { chatId: 0, photo: none }],
      PHOTO_INVALID: [s.alice, { chatId: s.group, photo: { _: 'inputChatUploadedPhoto' } }],
    }
  })

  refuses('messages.editChatTitle', () => ({
    CHAT_ID_INVALID: [s.erin, { chatId: s.group, title: 'New' }],
    CHAT_NOT_MODIFIED: [s.alice, { chatId: s.group, title: 'Group' }],
    CHAT_TITLE_EMPTY: [s.alice, { chatId: s.group, title: '' }],
    PEER_ID_INVALID: [s.alice, { chatId: 0, title: 'New' }],
  }))

  refuses('messages.migrateChat', () => ({
    CHAT_ADMIN_REQUIRED: [s.bob, { chatId: s.group }],
    CHAT_ID_INVALID: [s.erin, { chatId: s.group }],
    PEER_ID_INVALID: [s.alice, { chatId: 0 }],
  }))

  refuses('messages.saveDefaultSendAs', () => ({
    PEER_ID_INVALID: [s.alice, { peer: NOBODY, sendAs: { _: 'inputPeerSelf' } }],
    SEND_AS_PEER_INVALID: [s.bob, { peer: s.bob.channelPeer(s.town), sendAs: s.bob.channelPeer(s.news) }],
  }))

  refuses('messages.setChatAvailableReactions', () => ({
    CHAT_ADMIN_REQUIRED: [
      s.bob,
      { peer: s.bob.channelPeer(s.town), availableReactions: { _: 'chatReactionsNone' } },
    ],
    CHAT_NOT_MODIFIED: async () => {
      const peer = s.alice.channelPeer(s.town)
      const availableReactions = { _: 'chatReactionsNone' } as const
      await s.alice.call('messages.setChatAvailableReactions', { peer, availableReactions })
      return [s.alice, { peer, availableReactions }]
    },
    PEER_ID_INVALID: [s.alice, { peer: s.alice.peer(s.bob), availableReactions: { _: 'chatReactionsNone' } }],
  }))

  refuses('messages.setChatWallPaper', () => ({
    PEER_ID_INVALID: [s.alice, { peer: groupPeer(s.group) }],
    WALLPAPER_INVALID: [
      s.alice,
      { peer: s.alice.peer(s.bob), wallpaper: { _: 'inputWallPaperSlug', slug: 'nothingOfThatKind' } },
    ],
  }))

  refuses('messages.setDefaultReaction', () => ({
    REACTION_INVALID: [s.alice, { reaction: { _: 'reactionEmoji', emoticon: 'x' } }],
  }))

  refuses('messages.setHistoryTTL', () => ({
    CHAT_NOT_MODIFIED: [s.alice, { peer: s.alice.channelPeer(s.town), period: 0 }],
    TTL_PERIOD_INVALID: [s.alice, { peer: s.alice.channelPeer(s.town), period: -1 }],
  }))

  refuses('messages.toggleNoForwards', () => ({
    CHAT_NOT_MODIFIED: [s.alice, { peer: s.alice.channelPeer(s.town), enabled: false }],
    PEER_ID_INVALID: [s.alice, { peer: NOBODY, enabled: true }],
  }))

  refuses('messages.deleteHistory', () => {
    const all = { maxId: 0, revoke: true } as const
    return {
      CHANNEL_PRIVATE: [s.carol, { ...all, peer: s.carol.channelPeer(s.town) }],
      CHAT_ADMIN_REQUIRED: [s.bob, { ...all, peer: s.bob.channelPeer(s.town) }],
      CHAT_ID_INVALID: [s.alice, { ...all, peer: NO_GROUP }],
      CHAT_REVOKE_DATE_UNSUPPORTED: [s.alice, { ...all, peer: groupPeer(s.group), minDate: 5, maxDate: 9 }],
      MAX_DATE_INVALID: [s.alice, { ...all, peer: s.alice.peer(s.bob), maxDate: -1 }],
      MIN_DATE_INVALID: [s.alice, { ...all, peer: s.alice.peer(s.bob), minDate: -1 }],
      MESSAGE_ID_INVALID: [s.alice, { ...all, peer: s.alice.peer(s.bob), maxId: -1 }],
      MSG_ID_INVALID: [
        s.bob,
        { ...all, peer: { ...userByMessage(s, s.bob), _: 'inputPeerUserFromMessage' } },
      ],
      PEER_ID_INVALID: [s.alice, { ...all, peer: NOBODY }],
    }
  })

  /** Bob's id of what Alice has said in their group. */
  const saidToBob = async () => {
    await say(s.alice, groupPeer(s.group))
    return lastIn(s.bob, groupPeer(s.group))
  }
  refuses('messages.deleteMessages', async () => ({
    MESSAGE_DELETE_FORBIDDEN: [s.bob, { revoke: true, id: [await saidToBob()] }],
    MESSAGE_ID_INVALID: [s.alice, { id: Array.from({ length: 1001 }, (_, i) => i) }],
  }))
})

describe('what does not go on for ever', () => {
  const s = ownScene()

  describe('in a group that is full', () => {
    let full: number
    let hash: string
    beforeAll(async () => {
      const people = await Promise.all(
        Array.from({ length: MAX_GROUP_MEMBERS - 1 }, (_, i) => s.world.person(`Person ${i}`)),
      )
      full = await newGroup(s.alice, [])
      const invite = await s.alice.call('messages.exportChatInvite', { peer: groupPeer(full) })
      hash = 'link' in invite ? invite.link.replace(/^.*\+/, '') : ''
      for (const person of people) await person.call('messages.importChatInvite', { hash })
    })

    refuses('messages.addChatUser', () => ({
      USERS_TOO_MUCH: [s.alice, { chatId: full, fwdLimit: 0, userId: s.alice.user(s.bob) }],
    }))
    refuses('messages.importChatInvite', () => ({ USERS_TOO_MUCH: [s.bob, { hash }] }))
  })

  describe('for who is in too many chats', () => {
    let hash: string
    beforeAll(async () => {
      hash = await linkTo(s.alice, s.town)
      const asking = await linkTo(s.alice, s.town, { requestNeeded: true })
      await s.erin.meets(s.alice)
      await s.erin.call('messages.importChatInvite', { hash: asking }).catch(() => undefined)
      for (const person of [s.carol, s.erin]) await crowd(s.world, person)
    })

    refuses('messages.importChatInvite', () => ({ CHANNELS_TOO_MUCH: [s.carol, { hash }] }))
    refuses('messages.migrateChat', async () => {
      const chatId = await newGroup(s.bob, [])
      await crowd(s.world, s.bob)
      return { CHANNELS_TOO_MUCH: [s.bob, { chatId }] }
    })
    refuses('messages.hideChatJoinRequest', () => ({
      USER_CHANNELS_TOO_MUCH: [
        s.alice,
        { peer: s.alice.channelPeer(s.town), userId: s.alice.user(s.erin), approved: true },
      ],
    }))
    refuses('messages.hideAllChatJoinRequests', () => ({
      USER_CHANNELS_TOO_MUCH: [s.alice, { peer: s.alice.channelPeer(s.town), approved: true }],
    }))
  })

  describe('where no number is free', () => {
    afterAll(() => {
      s.world.isLuckless = false
    })

    refuses('messages.createChat', async () => {
      s.world.isLuckless = true
      await newGroup(s.alice, [])
      return { CHAT_ID_GENERATE_FAILED: [s.alice, { users: [], title: 'Group' }] }
    })
  })
})
