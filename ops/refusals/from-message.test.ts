import type { TlType } from '@heliograph/schemas/tl'
import { afterAll, beforeAll, describe } from 'vitest'
import { refusesEach } from './refuses.ts'
import type { Person } from './system.ts'
import { channelPeerOf, foundTown, type Town } from './town.ts'

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
  let town: Town
  beforeAll(async () => {
    town = await foundTown()
  })
  afterAll(() => town.system.stop())

  /** As `viewer` names somebody by a message of a chat. */
  const at = (peer: TlType<'InputPeer'>, msgId = MISSING) => ({
    channel: { _: 'inputChannelFromMessage', peer, msgId, channelId: 5 } as const,
    user: { _: 'inputUserFromMessage', peer, msgId, userId: 5 } as const,
    peer: { _: 'inputPeerUserFromMessage', peer, msgId, userId: 5 } as const,
  })
  const square = (viewer: Person) => at(channelPeerOf(viewer, town.square))
  const channel = () => square(town.alice).channel
  const user = () => square(town.alice).user
  const peer = () => square(town.alice).peer

  refusesEach('MSG_ID_INVALID', 'where there is no such message', {
    'channels.deleteMessages': () => [town.alice, { channel: channel(), id: [1] }],
    'channels.deleteParticipantHistory': () => [town.alice, { channel: channel(), participant: SELF_PEER }],
    'channels.editBanned': () => [
      town.alice,
      { channel: channel(), participant: SELF_PEER, bannedRights: NO_RIGHTS },
    ],
    'channels.exportMessageLink': () => [town.alice, { channel: channel(), id: 1 }],
    'channels.getAdminLog': () => [town.alice, { channel: channel(), ...LOG }],
    'channels.getChannels': () => [town.alice, { id: [channel()] }],
    'channels.getFullChannel': () => [town.alice, { channel: channel() }],
    'channels.getMessages': () => [town.alice, { channel: channel(), id: [{ _: 'inputMessageID', id: 1 }] }],
    'channels.getParticipant': () => [town.alice, { channel: channel(), participant: SELF_PEER }],
    'channels.inviteToChannel': () => [town.alice, { channel: channel(), users: [SELF] }],
    'channels.joinChannel': () => [town.alice, { channel: channel() }],
    'channels.leaveChannel': () => [town.alice, { channel: channel() }],
    'channels.readHistory': () => [town.alice, { channel: channel(), maxId: 0 }],
    'channels.readMessageContents': () => [town.alice, { channel: channel(), id: [1] }],
    'contacts.acceptContact': () => [town.alice, { id: user() }],
    'contacts.addContact': () => [town.alice, { id: user(), ...NAME }],
    'contacts.block': () => [town.alice, { id: peer() }],
    'contacts.unblock': () => [town.alice, { id: peer() }],
    'photos.getUserPhotos': () => [town.alice, { userId: user(), offset: 0, maxId: 0n, limit: 1 }],
    'updates.getChannelDifference': () => [
      town.alice,
      { channel: channel(), filter: FILTER, pts: 1, limit: 1 },
    ],
    'users.getFullUser': () => [town.alice, { id: user() }],
    'users.getUsers': () => [town.alice, { id: [user()] }],
  })

  refusesEach('CHANNEL_PRIVATE', 'in a chat that is closed to the caller', {
    'channels.getChannels': () => [town.carol, { id: [square(town.carol).channel] }],
    'contacts.addContact': () => [town.carol, { id: square(town.carol).user, ...NAME }],
    'contacts.unblock': () => [town.carol, { id: square(town.carol).peer }],
    'users.getFullUser': () => [town.carol, { id: square(town.carol).user }],
    'users.getUsers': () => [town.carol, { id: [square(town.carol).user] }],
  })

  refusesEach('CHANNEL_INVALID', 'in a chat that there is not', {
    'channels.getChannels': () => [town.alice, { id: [nowhere().channel] }],
    'users.getUsers': () => [town.alice, { id: [nowhere().user] }],
  })
  const nowhere = () => at({ _: 'inputPeerChannel', channelId: 5, accessHash: 5n })

  refusesEach('USER_BANNED_IN_CHANNEL', 'in a chat that has removed the caller', {
    'channels.getChannels': () => [town.dave, { id: [square(town.dave).channel] }],
    'channels.getMessages': () => [
      town.dave,
      { channel: square(town.dave).channel, id: [{ _: 'inputMessageID', id: 1 }] },
    ],
    'channels.inviteToChannel': () => [town.dave, { channel: square(town.dave).channel, users: [SELF] }],
    'channels.leaveChannel': () => [town.dave, { channel: square(town.dave).channel }],
    'updates.getChannelDifference': () => [
      town.dave,
      { channel: square(town.dave).channel, filter: FILTER, pts: 1, limit: 1 },
    ],
    'users.getUsers': () => [town.dave, { id: [square(town.dave).user] }],
  })

  refusesEach('PEER_ID_INVALID', 'where the message is of no chat', {
    'channels.editAdmin': () => [
      town.alice,
      { channel: at(NO_PEER).channel, userId: SELF, adminRights: ADMIN, rank: '' },
    ],
    'channels.editBanned': () => [
      town.alice,
      { channel: at(NO_PEER).channel, participant: SELF_PEER, bannedRights: NO_RIGHTS },
    ],
    'channels.joinChannel': () => [town.alice, { channel: at(NO_PEER).channel }],
    'contacts.unblock': () => [town.alice, { id: at(NO_PEER).peer }],
  })
})
