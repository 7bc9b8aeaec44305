import { describe } from 'vitest'
import { refusesEach } from './refuses.ts'
import { ownScene } from './scene.ts'

const NO_RIGHTS = { _: 'chatBannedRights', untilDate: 0 } as const
const ADMIN = { _: 'chatAdminRights' } as const
const SELF = { _: 'inputUserSelf' } as const
const SELF_PEER = { _: 'inputPeerSelf' } as const
const NO_PHOTO = { _: 'inputChatPhotoEmpty' } as const
const LOG = { q: '', maxId: 0n, minId: 0n, limit: 1 }
const ALL = { offset: 0, limit: 1, hash: 0n }

describe('what is no channel', () => {
  const s = ownScene()

  const channel = { _: 'inputChannelEmpty' } as const
  const filter = { _: 'channelMessagesFilterEmpty' } as const
  const username = 'some_name'

  refusesEach('CHANNEL_INVALID', 'for no channel', {
    'channels.checkUsername': () => [s.alice, { channel: strange(), username }],
    'channels.convertToGigagroup': () => [s.alice, { channel }],
    'channels.deleteChannel': () => [s.alice, { channel }],
    'channels.deleteHistory': () => [s.alice, { channel, maxId: 0 }],
    'channels.deleteMessages': () => [s.alice, { channel, id: [1] }],
    'channels.deleteParticipantHistory': () => [s.alice, { channel, participant: SELF_PEER }],
    'channels.editAdmin': () => [s.alice, { channel, userId: SELF, adminRights: ADMIN, rank: '' }],
    'channels.editBanned': () => [s.alice, { channel, participant: SELF_PEER, bannedRights: NO_RIGHTS }],
    'channels.editPhoto': () => [s.alice, { channel, photo: NO_PHOTO }],
    'channels.editTitle': () => [s.alice, { channel, title: 'x' }],
    'channels.exportMessageLink': () => [s.alice, { channel, id: 1 }],
    'channels.getAdminLog': () => [s.alice, { channel, ...LOG }],
    'channels.getChannels': () => [s.alice, { id: [channel, strange()] }],
    'channels.getFullChannel': () => [s.alice, { channel }],
    'channels.getMessages': () => [s.alice, { channel, id: [{ _: 'inputMessageID', id: 1 }] }],
    'channels.getParticipant': () => [s.alice, { channel, participant: SELF_PEER }],
    'channels.getParticipants': () => [
      s.alice,
      { channel, filter: { _: 'channelParticipantsRecent' }, ...ALL },
    ],
    'channels.inviteToChannel': () => [s.alice, { channel, users: [SELF] }],
    'channels.joinChannel': () => [s.alice, { channel }],
    'channels.leaveChannel': () => [s.alice, { channel }],
    'channels.readHistory': () => [s.alice, { channel, maxId: 0 }],
    'channels.readMessageContents': () => [s.alice, { channel, id: [1] }],
    'channels.reorderUsernames': () => [s.alice, { channel, order: [] }],
    'channels.reportSpam': () => [s.alice, { channel, participant: SELF_PEER, id: [1] }],
    'channels.setDiscussionGroup': () => [s.alice, { broadcast: strange(), group: channel }],
    'channels.setStickers': () => [s.alice, { channel, stickerset: { _: 'inputStickerSetEmpty' } }],
    'channels.toggleJoinRequest': () => [s.alice, { channel, enabled: true }],
    'channels.toggleJoinToSend': () => [s.alice, { channel, enabled: true }],
    'channels.togglePreHistoryHidden': () => [s.alice, { channel, enabled: true }],
    'channels.toggleSignatures': () => [s.alice, { channel, signaturesEnabled: true }],
    'channels.toggleSlowMode': () => [s.alice, { channel, seconds: 10 }],
    'channels.updateUsername': () => [s.alice, { channel, username }],
    'updates.getChannelDifference': () => [s.alice, { channel, filter, pts: 1, limit: 10 }],
  })

  /** With the access hash of nobody. */
  const strange = () => ({ _: 'inputChannel', channelId: 5, accessHash: 5n }) as const
})
