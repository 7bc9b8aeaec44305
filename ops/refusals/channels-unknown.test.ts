import { afterAll, beforeAll, describe } from 'vitest'
import { refusesEach } from './refuses.ts'
import { foundTown, type Town } from './town.ts'

const NO_RIGHTS = { _: 'chatBannedRights', untilDate: 0 } as const
const ADMIN = { _: 'chatAdminRights' } as const
const SELF = { _: 'inputUserSelf' } as const
const SELF_PEER = { _: 'inputPeerSelf' } as const
const NO_PHOTO = { _: 'inputChatPhotoEmpty' } as const
const LOG = { q: '', maxId: 0n, minId: 0n, limit: 1 }
const ALL = { offset: 0, limit: 1, hash: 0n }

describe('what is no channel', () => {
  let town: Town
  beforeAll(async () => {
    town = await foundTown()
  })
  afterAll(() => town.system.stop())

  const channel = { _: 'inputChannelEmpty' } as const
  const filter = { _: 'channelMessagesFilterEmpty' } as const
  const username = 'some_name'

  refusesEach('CHANNEL_INVALID', 'for no channel', {
    'channels.checkUsername': () => [town.alice, { channel: strange(), username }],
    'channels.convertToGigagroup': () => [town.alice, { channel }],
    'channels.deleteChannel': () => [town.alice, { channel }],
    'channels.deleteHistory': () => [town.alice, { channel, maxId: 0 }],
    'channels.deleteMessages': () => [town.alice, { channel, id: [1] }],
    'channels.deleteParticipantHistory': () => [town.alice, { channel, participant: SELF_PEER }],
    'channels.editAdmin': () => [town.alice, { channel, userId: SELF, adminRights: ADMIN, rank: '' }],
    'channels.editBanned': () => [town.alice, { channel, participant: SELF_PEER, bannedRights: NO_RIGHTS }],
    'channels.editPhoto': () => [town.alice, { channel, photo: NO_PHOTO }],
    'channels.editTitle': () => [town.alice, { channel, title: 'x' }],
    'channels.exportMessageLink': () => [town.alice, { channel, id: 1 }],
    'channels.getAdminLog': () => [town.alice, { channel, ...LOG }],
    'channels.getFullChannel': () => [town.alice, { channel }],
    'channels.getMessages': () => [town.alice, { channel, id: [{ _: 'inputMessageID', id: 1 }] }],
    'channels.getParticipant': () => [town.alice, { channel, participant: SELF_PEER }],
    'channels.getParticipants': () => [
      town.alice,
      { channel, filter: { _: 'channelParticipantsRecent' }, ...ALL },
    ],
    'channels.inviteToChannel': () => [town.alice, { channel, users: [SELF] }],
    'channels.joinChannel': () => [town.alice, { channel }],
    'channels.leaveChannel': () => [town.alice, { channel }],
    'channels.readHistory': () => [town.alice, { channel, maxId: 0 }],
    'channels.readMessageContents': () => [town.alice, { channel, id: [1] }],
    'channels.reorderUsernames': () => [town.alice, { channel, order: [] }],
    'channels.reportSpam': () => [town.alice, { channel, participant: SELF_PEER, id: [1] }],
    'channels.setDiscussionGroup': () => [town.alice, { broadcast: strange(), group: channel }],
    'channels.setStickers': () => [town.alice, { channel, stickerset: { _: 'inputStickerSetEmpty' } }],
    'channels.toggleJoinRequest': () => [town.alice, { channel, enabled: true }],
    'channels.toggleJoinToSend': () => [town.alice, { channel, enabled: true }],
    'channels.togglePreHistoryHidden': () => [town.alice, { channel, enabled: true }],
    'channels.toggleSignatures': () => [town.alice, { channel, signaturesEnabled: true }],
    'channels.toggleSlowMode': () => [town.alice, { channel, seconds: 10 }],
    'channels.updateUsername': () => [town.alice, { channel, username }],
    'updates.getChannelDifference': () => [town.alice, { channel, filter, pts: 1, limit: 10 }],
  })

  /** With the access hash of nobody. */
  const strange = () => ({ _: 'inputChannel', channelId: 5, accessHash: 5n }) as const
})
