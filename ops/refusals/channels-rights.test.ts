import type { ChatId } from '@heliograph/schemas/avro'
import type { Tl } from '@heliograph/schemas/tl'
import { afterAll, beforeAll, describe } from 'vitest'
import { refusesEach } from './refuses.ts'
import type { Person } from './system.ts'
import { channelOf, channelPeerOf, foundTown, peerOf, type Town, userOf } from './town.ts'

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

let town: Town
beforeAll(async () => {
  town = await foundTown()
})
afterAll(() => town.system.stop())

const at = (who: Person, chatId: ChatId) => ({ channel: channelOf(who, chatId) })

describe('a private chat that one is not in', () => {
  const square = () => at(town.carol, town.square)

  refusesEach('CHANNEL_PRIVATE', 'for who is not in it', {
    'channels.checkUsername': () => [town.carol, { ...square(), username: 'carols_name' }],
    'channels.deleteChannel': () => [town.carol, square()],
    'channels.deleteHistory': () => [town.carol, { ...square(), maxId: 0 }],
    'channels.deleteMessages': () => [town.carol, { ...square(), id: [1] }],
    'channels.deleteParticipantHistory': () => [town.carol, { ...square(), participant: SELF_PEER }],
    'channels.editAdmin': async () => {
      const userId = await userOf(town.carol, town.bob)
      return [town.carol, { ...square(), userId, adminRights: ADMIN, rank: '' }]
    },
    'channels.editBanned': async () => {
      const participant = await peerOf(town.carol, town.bob)
      return [town.carol, { ...square(), participant, bannedRights: KICK }]
    },
    'channels.editPhoto': () => [town.carol, { ...square(), photo: NO_PHOTO }],
    'channels.editTitle': () => [town.carol, { ...square(), title: 'x' }],
    'channels.exportMessageLink': () => [town.carol, { ...square(), id: 1 }],
    'channels.getAdminLog': () => [town.carol, { ...square(), ...LOG }],
    'channels.getFullChannel': () => [town.carol, square()],
    'channels.getMessages': () => [town.carol, { ...square(), id: [{ _: 'inputMessageID', id: 1 }] }],
    'channels.getParticipant': () => [town.carol, { ...square(), participant: SELF_PEER }],
    'channels.getParticipants': () => [town.carol, { ...square(), filter: RECENT, ...ALL }],
    'channels.getSendAs': () => [town.carol, { peer: channelPeerOf(town.carol, town.square) }],
    'channels.inviteToChannel': async () => [
      town.carol,
      { ...square(), users: [await userOf(town.carol, town.bob)] },
    ],
    'channels.joinChannel': () => [town.carol, square()],
    'channels.leaveChannel': () => [town.carol, square()],
    'channels.readHistory': () => [town.carol, { ...square(), maxId: 0 }],
    'channels.readMessageContents': () => [town.carol, { ...square(), id: [1] }],
    'channels.togglePreHistoryHidden': () => [town.carol, { ...square(), enabled: true }],
    'channels.updateUsername': () => [town.carol, { ...square(), username: 'carols_name' }],
    'updates.getChannelDifference': () => [town.carol, { ...square(), filter: FILTER, pts: 1, limit: 1 }],
  })
})

describe('what is for administrators', () => {
  const square = () => at(town.bob, town.square)

  refusesEach('CHAT_ADMIN_REQUIRED', 'for a plain member', {
    'channels.convertToGigagroup': () => [town.bob, square()],
    'channels.deleteChannel': () => [town.bob, square()],
    'channels.deleteHistory': () => [town.bob, { ...square(), maxId: 0, forEveryone: true }],
    'channels.deleteParticipantHistory': () => [town.bob, { ...square(), participant: SELF_PEER }],
    'channels.editAdmin': async () => {
      const userId = await userOf(town.bob, town.carol)
      return [town.bob, { ...square(), userId, adminRights: ADMIN, rank: '' }]
    },
    'channels.editBanned': async () => {
      const participant = await peerOf(town.bob, town.carol)
      return [town.bob, { ...square(), participant, bannedRights: KICK }]
    },
    'channels.editLocation': () => [town.bob, { ...square(), geoPoint: NOWHERE, address: '' }],
    'channels.editTitle': () => [town.bob, { ...at(town.bob, town.letter), title: 'x' }],
    'channels.getAdminLog': () => [town.bob, { ...square(), ...LOG }],
    'channels.getParticipant': async () => [
      town.bob,
      { ...at(town.bob, town.letter), participant: await peerOf(town.bob, town.alice) },
    ],
    'channels.getParticipants': () => [town.bob, { ...at(town.bob, town.letter), filter: RECENT, ...ALL }],
    'channels.inviteToChannel': async () => [
      town.bob,
      { ...at(town.bob, town.letter), users: [await userOf(town.bob, town.carol)] },
    ],
    'channels.reportSpam': async () => [
      town.bob,
      { ...square(), participant: await peerOf(town.bob, town.alice), id: [1] },
    ],
    'channels.setDiscussionGroup': () => [
      town.bob,
      { broadcast: channelOf(town.bob, town.letter), group: NO_CHANNEL },
    ],
    'channels.toggleJoinToSend': () => [town.bob, { ...square(), enabled: true }],
    'channels.togglePreHistoryHidden': () => [town.bob, { ...square(), enabled: true }],
    'channels.toggleSignatures': () => [town.bob, { ...at(town.bob, town.letter), signaturesEnabled: true }],
    'channels.toggleSlowMode': () => [town.bob, { ...square(), seconds: 10 }],
    'channels.updateUsername': () => [town.bob, { ...square(), username: 'bobs_name' }],
  })
})

describe('a public chat that one only looks into', () => {
  const market = () => at(town.carol, town.market)

  refusesEach('CHAT_WRITE_FORBIDDEN', 'for who is not in it', {
    'channels.convertToGigagroup': () => [town.carol, market()],
    'channels.deleteChannel': () => [town.carol, market()],
    'channels.deleteParticipantHistory': () => [town.carol, { ...market(), participant: SELF_PEER }],
    'channels.editAdmin': async () => {
      const userId = await userOf(town.carol, town.bob)
      return [town.carol, { ...market(), userId, adminRights: ADMIN, rank: '' }]
    },
    'channels.editBanned': async () => {
      const participant = await peerOf(town.carol, town.bob)
      return [town.carol, { ...market(), participant, bannedRights: KICK }]
    },
    'channels.editTitle': () => [town.carol, { ...market(), title: 'x' }],
    'channels.getAdminLog': () => [town.carol, { ...market(), ...LOG }],
    'channels.inviteToChannel': async () => [
      town.carol,
      { ...market(), users: [await userOf(town.carol, town.dave)] },
    ],
    'channels.setDiscussionGroup': () => [
      town.carol,
      { broadcast: channelOf(town.carol, town.paper), group: NO_CHANNEL },
    ],
    'channels.updateUsername': () => [town.carol, { ...market(), username: 'carols_name' }],
  })

  refusesEach('CHANNEL_PARICIPANT_MISSING', 'for who is not in it', {
    'channels.deleteHistory': () => [town.carol, { ...market(), maxId: 0 }],
  })
})
