import { describe } from 'vitest'
import { at, newChannel, publish, say } from './chats.ts'
import { refusesEach } from './refuses.ts'
import { ownScene } from './scene.ts'

const GROUP = { megagroup: true } as const
const BROADCAST = { broadcast: true } as const
const NO_PHOTO = { _: 'inputChatPhotoEmpty' } as const
const NOWHERE = { _: 'inputGeoPointEmpty' } as const
const SOME_SET = { _: 'inputStickerSetShortName', shortName: 'none' } as const
const MOST_PUBLIC = 10

const s = ownScene()

const town = () => at(s.alice, s.town)
const news = () => at(s.alice, s.news)

describe('settings', () => {
  refusesEach('CHAT_NOT_MODIFIED', 'where nothing changes', {
    'channels.editLocation': () => [s.alice, { ...town(), geoPoint: NOWHERE, address: '' }],
    'channels.editPhoto': () => [s.alice, { ...town(), photo: NO_PHOTO }],
    'channels.editTitle': () => [s.alice, { ...town(), title: 'Channel' }],
    'channels.toggleJoinRequest': () => [s.alice, { ...town(), enabled: false }],
    'channels.togglePreHistoryHidden': () => [s.alice, { ...town(), enabled: false }],
    'channels.toggleSignatures': () => [s.alice, news()],
    'channels.toggleSlowMode': () => [s.alice, { ...town(), seconds: 0 }],
  })

  refusesEach('CHAT_ID_INVALID', 'of a channel that has none such', {
    'channels.toggleJoinRequest': () => [s.alice, { ...news(), enabled: true }],
    'channels.toggleJoinToSend': () => [s.alice, { ...news(), enabled: true }],
    'channels.togglePreHistoryHidden': () => [s.alice, { ...news(), enabled: true }],
    'channels.toggleSignatures': () => [s.alice, { ...town(), signaturesEnabled: true }],
  })

  refusesEach('CHAT_ABOUT_NOT_MODIFIED', 'where nothing is said about it, as before', {
    'messages.editChatAbout': () => [s.alice, { peer: s.alice.channelPeer(s.town), about: '' }],
  })
  refusesEach('CHAT_ADMIN_REQUIRED', 'before it is said that nothing would change', {
    'messages.editChatAbout': () => [s.bob, { peer: s.bob.channelPeer(s.news), about: '' }],
    'channels.editPhoto': () => [s.bob, { ...at(s.bob, s.news), photo: NO_PHOTO }],
    'channels.editTitle': () => [s.bob, { ...at(s.bob, s.news), title: 'Channel' }],
    'channels.toggleSignatures': () => [s.bob, at(s.bob, s.news)],
    'channels.toggleSlowMode': () => [s.bob, { ...at(s.bob, s.town), seconds: 0 }],
  })
  refusesEach('CHAT_TITLE_EMPTY', 'of nothing but spaces', {
    'channels.editTitle': () => [s.alice, { ...town(), title: ' ' }],
  })

  refusesEach('MEGAGROUP_REQUIRED', 'of a channel', {
    'channels.editLocation': () => [s.alice, { ...news(), geoPoint: NOWHERE, address: '' }],
  })
  refusesEach('CHANNEL_ID_INVALID', 'of a channel', {
    'channels.convertToGigagroup': () => [s.alice, news()],
  })
  refusesEach('PARTICIPANTS_TOO_FEW', 'of a small group', {
    'channels.setStickers': () => [s.alice, { ...town(), stickerset: SOME_SET }],
    'channels.toggleParticipantsHidden': () => [s.alice, { ...town(), enabled: true }],
  })

  const linked = async () => {
    const [group, channel] = [await newChannel(s.alice, GROUP), await newChannel(s.alice, BROADCAST)]
    const sides = { broadcast: s.alice.channel(channel), group: s.alice.channel(group) }
    await s.alice.call('channels.setDiscussionGroup', sides)
    return group
  }
  refusesEach('CHAT_LINK_EXISTS', 'of a discussion', {
    'channels.togglePreHistoryHidden': async () => [
      s.alice,
      { ...at(s.alice, await linked()), enabled: true },
    ],
  })
  refusesEach('CHAT_DISCUSSION_UNALLOWED', 'of a discussion', {
    'channels.toggleForum': async () => [
      s.alice,
      { ...at(s.alice, await linked()), enabled: true, tabs: false },
    ],
  })
})

describe('names', () => {
  refusesEach('USERNAME_INVALID', 'for no name', {
    'channels.checkUsername': () => [s.alice, { ...town(), username: '1' }],
    'channels.toggleUsername': () => [s.alice, { ...town(), username: 'nobodys', active: true }],
  })

  const owner = async () => {
    const karl = await s.world.person('Karl')
    const names = Array.from({ length: MOST_PUBLIC }, (_, i) => `karls_${karl.id}_${i}`)
    for (const name of names) await publish(karl, await newChannel(karl, GROUP), name)
    return karl
  }
  refusesEach('CHANNELS_ADMIN_PUBLIC_TOO_MUCH', 'beyond the last public one', {
    'channels.checkUsername': async () => [
      await owner(),
      { channel: { _: 'inputChannelEmpty' }, username: 'one_more' },
    ],
    'channels.getAdminedPublicChannels': async () => [await owner(), { checkLimit: true }],
    'channels.updateUsername': async () => {
      const karl = await owner()
      return [karl, { ...at(karl, await newChannel(karl, GROUP)), username: 'one_more' }]
    },
  })
})

describe('messages', () => {
  refusesEach('MESSAGE_ID_INVALID', 'where there is no such message', {
    'channels.exportMessageLink': () => [s.alice, { ...town(), id: 9_999 }],
  })
  refusesEach('MESSAGE_IDS_EMPTY', 'for none', {
    'channels.getMessages': () => [s.alice, { ...town(), id: [] }],
  })
  refusesEach('MESSAGE_DELETE_FORBIDDEN', 'of others', {
    'channels.deleteMessages': async () => {
      const id = await say(s.alice, s.alice.channelPeer(s.town), 'stays')
      return [s.bob, { ...at(s.bob, s.town), id: [id] }]
    },
  })
  refusesEach('TAKEOUT_REQUIRED', 'outside a take-out', {
    'channels.getLeftChannels': () => [s.alice, { offset: 0 }],
  })
})

describe('in whose name one may write', () => {
  refusesEach('PEER_ID_INVALID', 'for no peer', {
    'channels.getSendAs': () => [s.alice, { peer: { _: 'inputPeerEmpty' } }],
  })
  refusesEach('CHAT_ID_INVALID', 'in a group that one is not in', {
    'channels.getSendAs': () => [s.alice, { peer: { _: 'inputPeerChat', chatId: 12_345 } }],
  })
})
