import type { Tl } from '@heliograph/schemas/tl'
import { describe } from 'vitest'
import { at } from './chats.ts'
import { refusesEach } from './refuses.ts'
import { ownScene } from './scene.ts'

const KICK: Tl<'chatBannedRights'> = { _: 'chatBannedRights', viewMessages: true, untilDate: 0 }
const ADMIN = { _: 'chatAdminRights', banUsers: true } as const
const SELF_PEER = { _: 'inputPeerSelf' } as const
const NO_CHANNEL = { _: 'inputChannelEmpty' } as const
const NO_PHOTO = { _: 'inputChatPhotoEmpty' } as const
const LOG = { q: '', maxId: 0n, minId: 0n, limit: 1 }
const ALL = { offset: 0, limit: 1, hash: 0n }
const RECENT = { _: 'channelParticipantsRecent' } as const
const FILTER = { _: 'channelMessagesFilterEmpty' } as const
const NOWHERE = { _: 'inputGeoPointEmpty' } as const

const s = ownScene()

describe('a private chat that one is not in', () => {
  const town = () => at(s.erin, s.town)

  refusesEach('CHANNEL_PRIVATE', 'for who is not in it', {
    'channels.checkUsername': () => [s.erin, { ...town(), username: 'carols_name' }],
    'channels.deleteChannel': () => [s.erin, town()],
    'channels.deleteHistory': () => [s.erin, { ...town(), maxId: 0 }],
    'channels.deleteMessages': () => [s.erin, { ...town(), id: [1] }],
    'channels.deleteParticipantHistory': () => [s.erin, { ...town(), participant: SELF_PEER }],
    'channels.editAdmin': () => {
      const userId = s.erin.user(s.bob)
      return [s.erin, { ...town(), userId, adminRights: ADMIN, rank: '' }]
    },
    'channels.editBanned': () => {
      const participant = s.erin.peer(s.bob)
      return [s.erin, { ...town(), participant, bannedRights: KICK }]
    },
    'channels.editPhoto': () => [s.erin, { ...town(), photo: NO_PHOTO }],
    'channels.editTitle': () => [s.erin, { ...town(), title: 'x' }],
    'channels.exportMessageLink': () => [s.erin, { ...town(), id: 1 }],
    'channels.getAdminLog': () => [s.erin, { ...town(), ...LOG }],
    'channels.getFullChannel': () => [s.erin, town()],
    'channels.getMessages': () => [s.erin, { ...town(), id: [{ _: 'inputMessageID', id: 1 }] }],
    'channels.getParticipant': () => [s.erin, { ...town(), participant: SELF_PEER }],
    'channels.getParticipants': () => [s.erin, { ...town(), filter: RECENT, ...ALL }],
    'channels.getSendAs': () => [s.erin, { peer: s.erin.channelPeer(s.town) }],
    'channels.inviteToChannel': () => [s.erin, { ...town(), users: [s.erin.user(s.bob)] }],
    'channels.joinChannel': () => [s.erin, town()],
    'channels.leaveChannel': () => [s.erin, town()],
    'channels.readHistory': () => [s.erin, { ...town(), maxId: 0 }],
    'channels.readMessageContents': () => [s.erin, { ...town(), id: [1] }],
    'channels.togglePreHistoryHidden': () => [s.erin, { ...town(), enabled: true }],
    'channels.updateUsername': () => [s.erin, { ...town(), username: 'carols_name' }],
    'updates.getChannelDifference': () => [s.erin, { ...town(), filter: FILTER, pts: 1, limit: 1 }],
  })
})

describe('what is for administrators', () => {
  const town = () => at(s.bob, s.town)

  refusesEach('CHAT_ADMIN_REQUIRED', 'for a plain member', {
    'channels.convertToGigagroup': () => [s.bob, town()],
    'channels.deleteChannel': () => [s.bob, town()],
    'channels.deleteHistory': () => [s.bob, { ...town(), maxId: 0, forEveryone: true }],
    'channels.deleteParticipantHistory': () => [s.bob, { ...town(), participant: SELF_PEER }],
    'channels.editAdmin': () => {
      const userId = s.bob.user(s.erin)
      return [s.bob, { ...town(), userId, adminRights: ADMIN, rank: '' }]
    },
    'channels.editBanned': () => {
      const participant = s.bob.peer(s.erin)
      return [s.bob, { ...town(), participant, bannedRights: KICK }]
    },
    'channels.editLocation': () => [s.bob, { ...town(), geoPoint: NOWHERE, address: '' }],
    'channels.editTitle': () => [s.bob, { ...at(s.bob, s.news), title: 'x' }],
    'channels.getAdminLog': () => [s.bob, { ...town(), ...LOG }],
    'channels.getParticipant': () => [s.bob, { ...at(s.bob, s.news), participant: s.bob.peer(s.alice) }],
    'channels.getParticipants': () => [s.bob, { ...at(s.bob, s.news), filter: RECENT, ...ALL }],
    'channels.inviteToChannel': () => [s.bob, { ...at(s.bob, s.news), users: [s.bob.user(s.erin)] }],
    'channels.reportSpam': () => [s.bob, { ...town(), participant: s.bob.peer(s.alice), id: [1] }],
    'channels.setDiscussionGroup': () => [s.bob, { broadcast: s.bob.channel(s.news), group: NO_CHANNEL }],
    'channels.toggleJoinToSend': () => [s.bob, { ...town(), enabled: true }],
    'channels.togglePreHistoryHidden': () => [s.bob, { ...town(), enabled: true }],
    'channels.toggleSignatures': () => [s.bob, { ...at(s.bob, s.news), signaturesEnabled: true }],
    'channels.toggleSlowMode': () => [s.bob, { ...town(), seconds: 10 }],
    'channels.updateUsername': () => [s.bob, { ...town(), username: 'bobs_name' }],
  })
})

describe('a public chat that one only looks into', () => {
  const market = () => at(s.erin, s.market)

  refusesEach('CHAT_WRITE_FORBIDDEN', 'for who is not in it', {
    'channels.convertToGigagroup': () => [s.erin, market()],
    'channels.deleteChannel': () => [s.erin, market()],
    'channels.deleteParticipantHistory': () => [s.erin, { ...market(), participant: SELF_PEER }],
    'channels.editAdmin': () => {
      const userId = s.erin.user(s.bob)
      return [s.erin, { ...market(), userId, adminRights: ADMIN, rank: '' }]
    },
    'channels.editBanned': () => {
      const participant = s.erin.peer(s.bob)
      return [s.erin, { ...market(), participant, bannedRights: KICK }]
    },
    'channels.editTitle': () => [s.erin, { ...market(), title: 'x' }],
    'channels.getAdminLog': () => [s.erin, { ...market(), ...LOG }],
    'channels.inviteToChannel': () => [s.erin, { ...market(), users: [s.erin.user(s.fred)] }],
    'channels.setDiscussionGroup': () => [s.erin, { broadcast: s.erin.channel(s.paper), group: NO_CHANNEL }],
    'channels.updateUsername': () => [s.erin, { ...market(), username: 'carols_name' }],
  })

  refusesEach('CHANNEL_PARICIPANT_MISSING', 'for who is not in it', {
    'channels.deleteHistory': () => [s.erin, { ...market(), maxId: 0 }],
  })
})
