import type { Tl } from '@heliograph/schemas/tl'
import { describe } from 'vitest'
import { at, invite, newChannel, promote, publish } from './chats.ts'
import { crowd, fill } from './crowd.ts'
import type { Person } from './person.ts'
import { refusesEach } from './refuses.ts'
import { ownScene } from './scene.ts'

const GROUP = { megagroup: true } as const
const BROADCAST = { broadcast: true } as const
const ADMIN: Tl<'chatAdminRights'> = { _: 'chatAdminRights', banUsers: true }
const KICK: Tl<'chatBannedRights'> = { _: 'chatBannedRights', viewMessages: true, untilDate: 0 }
const NOBODY = { _: 'inputUserEmpty' } as const
const NO_PEER = { _: 'inputPeerEmpty' } as const
const FULL = 200_000
const MOST_ADMINS = 51
/** Without `messages.invitedUsers`. */
const OLD_LAYER = 170

const s = ownScene()

const town = () => at(s.alice, s.town)
const promoting = (who: Person) => ({
  userId: s.alice.user(who),
  adminRights: ADMIN,
  rank: '',
})
const inviting = (who: Person) => ({ users: [s.alice.user(who)] })

describe('somebody who cannot be brought in', () => {
  refusesEach('INPUT_USER_DEACTIVATED', 'whose account is deleted', {
    'channels.editAdmin': () => [s.alice, { ...town(), ...promoting(s.dave) }],
    'channels.editBanned': () => [
      s.alice,
      { ...town(), participant: s.alice.peer(s.dave), bannedRights: KICK },
    ],
    'channels.inviteToChannel': () => [s.alice, { ...town(), ...inviting(s.dave) }],
    'channels.reportSpam': () => [s.alice, { ...town(), participant: s.alice.peer(s.dave), id: [1] }],
    'contacts.block': () => [s.alice, { id: s.alice.peer(s.dave) }],
  })

  refusesEach('USER_ID_INVALID', 'who is nobody', {
    'channels.editAdmin': () => [s.alice, { ...town(), userId: NOBODY, adminRights: ADMIN, rank: '' }],
    'channels.editBanned': () => [
      s.alice,
      { ...town(), participant: s.alice.peer(s.alice), bannedRights: KICK },
    ],
    'channels.getParticipant': () => [
      s.alice,
      { ...town(), participant: { _: 'inputPeerUser', userId: s.bob.id, accessHash: 1n } },
    ],
    'channels.inviteToChannel': () => [s.alice, { ...town(), users: [NOBODY] }],
    'channels.reportSpam': () => [s.alice, { ...town(), participant: { _: 'inputPeerEmpty' }, id: [1] }],
  })

  const blocked = async () => {
    const frank = await s.world.person('Frank')
    await s.alice.call('contacts.block', { id: s.alice.peer(frank) })
    return frank
  }
  refusesEach('USER_BLOCKED', 'whom the caller has blocked', {
    'channels.editAdmin': async () => [s.alice, { ...town(), ...promoting(await blocked()) }],
    'channels.inviteToChannel': async () => [s.alice, { ...town(), ...inviting(await blocked()) }],
  })

  const busy = async () => {
    const grace = await s.world.person('Grace')
    await crowd(s.world, grace)
    return grace
  }
  refusesEach('USER_CHANNELS_TOO_MUCH', 'who is in too many chats', {
    'channels.editAdmin': async () => [s.alice, { ...town(), ...promoting(await busy()) }],
    'channels.inviteToChannel': async () => [s.alice, { ...town(), ...inviting(await busy()) }],
  })

  const shy = async () => {
    const heidi = await s.world.person('Heidi')
    const rules = [{ _: 'inputPrivacyValueDisallowAll' } as const]
    await heidi.call('account.setPrivacy', { key: { _: 'inputPrivacyKeyChatInvite' }, rules })
    return heidi
  }
  refusesEach('USER_PRIVACY_RESTRICTED', 'who lets nobody invite it', {
    'channels.editAdmin': async () => [s.alice, { ...town(), ...promoting(await shy()) }],
  })
  refusesEach('USER_PRIVACY_RESTRICTED', 'whom an old client could not be told', {
    'channels.inviteToChannel': async () => [
      s.alice.withLayer(OLD_LAYER),
      { ...town(), ...inviting(await shy()) },
    ],
  })

  refusesEach('USER_KICKED', 'who was removed, by who may not let it in again', {
    'channels.inviteToChannel': () => [s.bob, { ...at(s.bob, s.town), users: [s.bob.user(s.fred)] }],
  })

  refusesEach('USER_NOT_MUTUAL_CONTACT', 'who left by itself', {
    'channels.inviteToChannel': async () => {
      const ivan = await s.world.person('Ivan')
      await invite(s.alice, s.town, ivan)
      await ivan.call('channels.leaveChannel', at(ivan, s.town))
      return [s.bob, { ...at(s.bob, s.town), users: [s.bob.user(ivan)] }]
    },
  })

  refusesEach('CHAT_ADMIN_INVITE_REQUIRED', 'by who may promote but not invite', {
    'channels.editAdmin': async () => {
      const chatId = await newChannel(s.alice, BROADCAST)
      await invite(s.alice, chatId, s.bob)
      await promote(s.alice, chatId, s.bob, { addAdmins: true, banUsers: true })
      const userId = s.bob.user(s.erin)
      return [s.bob, { ...at(s.bob, chatId), userId, adminRights: ADMIN, rank: '' }]
    },
  })
})

describe('members and administrators', () => {
  refusesEach('USER_ADMIN_INVALID', 'for the creator', {
    'channels.editBanned': async () => {
      const chatId = await newChannel(s.alice, GROUP)
      await invite(s.alice, chatId, s.bob)
      await promote(s.alice, chatId, s.bob, { banUsers: true })
      const participant = s.bob.peer(s.alice)
      return [s.bob, { ...at(s.bob, chatId), participant, bannedRights: KICK }]
    },
  })

  refusesEach('ADMINS_TOO_MUCH', 'beyond the last one', {
    'channels.editAdmin': async () => {
      const chatId = await newChannel(s.alice, GROUP)
      for (let i = 1; i < MOST_ADMINS; i++) {
        const admin = await s.world.person(`Admin ${i}`)
        await invite(s.alice, chatId, admin)
        await promote(s.alice, chatId, admin, { banUsers: true })
      }
      await invite(s.alice, chatId, s.bob)
      return [s.alice, { ...at(s.alice, chatId), ...promoting(s.bob) }]
    },
  })

  refusesEach('USER_ALREADY_PARTICIPANT', 'for a member', {
    'channels.joinChannel': () => [s.bob, at(s.bob, s.town)],
  })
  refusesEach('USER_NOT_PARTICIPANT', 'for who is not in it', {
    'channels.leaveChannel': () => [s.erin, at(s.erin, s.market)],
  })

  refusesEach('INVITE_REQUEST_SENT', 'where members are let in by administrators', {
    'channels.joinChannel': async () => {
      const chatId = await newChannel(s.alice, GROUP)
      await publish(s.alice, chatId, 'asked_first')
      await s.alice.call('channels.toggleJoinRequest', { ...at(s.alice, chatId), enabled: true })
      return [s.erin, at(s.erin, chatId)]
    },
  })
})

describe('too many', () => {
  const full = async () => {
    const chatId = await newChannel(s.alice, GROUP)
    await fill(s.world, chatId, FULL)
    return chatId
  }
  refusesEach('USERS_TOO_MUCH', 'in a group that is full', {
    'channels.editAdmin': async () => [s.alice, { ...at(s.alice, await full()), ...promoting(s.erin) }],
    'channels.inviteToChannel': async () => [s.alice, { ...at(s.alice, await full()), ...inviting(s.erin) }],
    'channels.joinChannel': async () => {
      const chatId = await newChannel(s.alice, GROUP)
      await publish(s.alice, chatId, 'open_to_all')
      await fill(s.world, chatId, FULL)
      return [s.erin, at(s.erin, chatId)]
    },
  })

  const crowded = async () => {
    const judy = await s.world.person('Judy')
    await crowd(s.world, judy)
    return judy
  }
  refusesEach('CHANNELS_TOO_MUCH', 'for who is in as many chats as one can be', {
    'channels.createChannel': async () => [await crowded(), { title: 'One more', about: '' }],
    'channels.joinChannel': async () => {
      const judy = await crowded()
      return [judy, at(judy, s.market)]
    },
  })

  refusesEach('CHANNEL_TOO_LARGE', 'of very many members', {
    'channels.deleteChannel': async () => {
      const chatId = await newChannel(s.alice, GROUP)
      await fill(s.world, chatId, 1_001)
      return [s.alice, at(s.alice, chatId)]
    },
  })
  refusesEach('CHANNEL_TOO_BIG', 'for all of very many members', {
    'channels.deleteHistory': async () => {
      const chatId = await newChannel(s.alice, GROUP)
      await fill(s.world, chatId, 1_001)
      return [s.alice, { ...at(s.alice, chatId), maxId: 0, forEveryone: true }]
    },
  })
})

refusesEach('PARTICIPANT_ID_INVALID', 'for a peer that is nobody', {
  'channels.deleteParticipantHistory': () => [s.alice, { ...town(), participant: NO_PEER }],
  'channels.editBanned': () => [s.alice, { ...town(), participant: NO_PEER, bannedRights: KICK }],
  'channels.getParticipant': () => [s.alice, { ...town(), participant: NO_PEER }],
})
refusesEach('USER_NOT_PARTICIPANT', 'for somebody who never was a member', {
  'channels.getParticipant': () => [s.alice, { ...town(), participant: s.alice.peer(s.erin) }],
})
