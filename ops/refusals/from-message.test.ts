import type { TlType } from '@heliograph/schemas/tl'
import { describe } from 'vitest'
import type { Person } from './person.ts'
import { refusesEach } from './refuses.ts'
import { ownScene } from './scene.ts'

const NO_RIGHTS = { _: 'chatBannedRights', untilDate: 0 } as const
const ADMIN = { _: 'chatAdminRights' } as const
const SELF = { _: 'inputUserSelf' } as const
const SELF_PEER = { _: 'inputPeerSelf' } as const
const NO_PEER = { _: 'inputPeerEmpty' } as const
const LOG = { q: '', maxId: 0n, minId: 0n, limit: 1 }
const FILTER = { _: 'channelMessagesFilterEmpty' } as const
const MISSING = 9_999
const NAME = { firstName: 'x', lastName: '', phone: '' }

/** Clients name those whom they know from a message alone by that message (core.telegram.org/api/min). */
describe('who is named by a message', () => {
  const s = ownScene()

  /** As `viewer` names somebody by a message of a chat. */
  const at = (peer: TlType<'InputPeer'>, msgId = MISSING) => ({
    channel: { _: 'inputChannelFromMessage', peer, msgId, channelId: 5 } as const,
    user: { _: 'inputUserFromMessage', peer, msgId, userId: 5 } as const,
    peer: { _: 'inputPeerUserFromMessage', peer, msgId, userId: 5 } as const,
  })
  const town = (viewer: Person) => at(viewer.channelPeer(s.town))
  const channel = () => town(s.alice).channel
  const user = () => town(s.alice).user
  const peer = () => town(s.alice).peer

  refusesEach('MSG_ID_INVALID', 'where there is no such message', {
    'channels.deleteMessages': () => [s.alice, { channel: channel(), id: [1] }],
    'channels.deleteParticipantHistory': () => [s.alice, { channel: channel(), participant: SELF_PEER }],
    'channels.editBanned': () => [
      s.alice,
      { channel: channel(), participant: SELF_PEER, bannedRights: NO_RIGHTS },
    ],
    'channels.exportMessageLink': () => [s.alice, { channel: channel(), id: 1 }],
    'channels.getAdminLog': () => [s.alice, { channel: channel(), ...LOG }],
    'channels.getChannels': () => [s.alice, { id: [channel()] }],
    'channels.getFullChannel': () => [s.alice, { channel: channel() }],
    'channels.getMessages': () => [s.alice, { channel: channel(), id: [{ _: 'inputMessageID', id: 1 }] }],
    'channels.getParticipant': () => [s.alice, { channel: channel(), participant: SELF_PEER }],
    'channels.inviteToChannel': () => [s.alice, { channel: channel(), users: [SELF] }],
    'channels.joinChannel': () => [s.alice, { channel: channel() }],
    'channels.leaveChannel': () => [s.alice, { channel: channel() }],
    'channels.readHistory': () => [s.alice, { channel: channel(), maxId: 0 }],
    'channels.readMessageContents': () => [s.alice, { channel: channel(), id: [1] }],
    'contacts.acceptContact': () => [s.alice, { id: user() }],
    'contacts.addContact': () => [s.alice, { id: user(), ...NAME }],
    'contacts.block': () => [s.alice, { id: peer() }],
    'contacts.unblock': () => [s.alice, { id: peer() }],
    'photos.getUserPhotos': () => [s.alice, { userId: user(), offset: 0, maxId: 0n, limit: 1 }],
    'updates.getChannelDifference': () => [s.alice, { channel: channel(), filter: FILTER, pts: 1, limit: 1 }],
    'users.getFullUser': () => [s.alice, { id: user() }],
    'users.getUsers': () => [s.alice, { id: [user()] }],
  })

  refusesEach('CHANNEL_PRIVATE', 'in a chat that is closed to the caller', {
    'channels.getChannels': () => [s.erin, { id: [town(s.erin).channel] }],
    'contacts.addContact': () => [s.erin, { id: town(s.erin).user, ...NAME }],
    'contacts.unblock': () => [s.erin, { id: town(s.erin).peer }],
    'users.getFullUser': () => [s.erin, { id: town(s.erin).user }],
    'users.getUsers': () => [s.erin, { id: [town(s.erin).user] }],
  })

  refusesEach('CHANNEL_INVALID', 'in a chat that there is not', {
    'channels.getChannels': () => [s.alice, { id: [nowhere().channel] }],
    'users.getUsers': () => [s.alice, { id: [nowhere().user] }],
  })
  const nowhere = () => at({ _: 'inputPeerChannel', channelId: 5, accessHash: 5n })

  refusesEach('USER_BANNED_IN_CHANNEL', 'in a chat that has removed the caller', {
    'channels.getChannels': () => [s.fred, { id: [town(s.fred).channel] }],
    'channels.getMessages': () => [
      s.fred,
      { channel: town(s.fred).channel, id: [{ _: 'inputMessageID', id: 1 }] },
    ],
    'channels.inviteToChannel': () => [s.fred, { channel: town(s.fred).channel, users: [SELF] }],
    'channels.leaveChannel': () => [s.fred, { channel: town(s.fred).channel }],
    'updates.getChannelDifference': () => [
      s.fred,
      { channel: town(s.fred).channel, filter: FILTER, pts: 1, limit: 1 },
    ],
    'users.getUsers': () => [s.fred, { id: [town(s.fred).user] }],
  })

  refusesEach('PEER_ID_INVALID', 'where the message is of no chat', {
    'channels.editAdmin': () => [
      s.alice,
      { channel: at(NO_PEER).channel, userId: SELF, adminRights: ADMIN, rank: '' },
    ],
    'channels.editBanned': () => [
      s.alice,
      { channel: at(NO_PEER).channel, participant: SELF_PEER, bannedRights: NO_RIGHTS },
    ],
    'channels.joinChannel': () => [s.alice, { channel: at(NO_PEER).channel }],
    'contacts.unblock': () => [s.alice, { id: at(NO_PEER).peer }],
  })
})
