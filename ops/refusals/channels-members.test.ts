import type { ChatId } from '@heliograph/schemas/avro'
import type { Tl } from '@heliograph/schemas/tl'
import { afterAll, beforeAll, describe } from 'vitest'
import { crowd, fill } from './crowd.ts'
import { refuses, refusesEach } from './refuses.ts'
import type { Person } from './system.ts'
import { channelOf, found, foundTown, invite, peerOf, promote, publish, type Town, userOf } from './town.ts'

const ADMIN: Tl<'chatAdminRights'> = { _: 'chatAdminRights', banUsers: true }
const KICK: Tl<'chatBannedRights'> = { _: 'chatBannedRights', viewMessages: true, untilDate: 0 }
const NOBODY = { _: 'inputUserEmpty' } as const
const FULL = 200_000
const MANY_CHATS = 1_000
const MOST_ADMINS = 51
/** Without `messages.invitedUsers`. */
const OLD_LAYER = 170

let town: Town
/** Has deleted its account. */
let erin: Person
beforeAll(async () => {
  town = await foundTown()
  erin = await town.system.signUp('Erin')
  await erin.call('account.deleteAccount', { reason: '' })
})
afterAll(() => town.system.stop())

const at = (who: Person, chatId: ChatId) => ({ channel: channelOf(who, chatId) })
const square = () => at(town.alice, town.square)
const promoting = async (who: Person) => ({
  userId: await userOf(town.alice, who),
  adminRights: ADMIN,
  rank: '',
})
const inviting = async (who: Person) => ({ users: [await userOf(town.alice, who)] })

describe('somebody who cannot be brought in', () => {
  refusesEach('INPUT_USER_DEACTIVATED', 'whose account is deleted', {
    'channels.editAdmin': async () => [town.alice, { ...square(), ...(await promoting(erin)) }],
    'channels.editBanned': async () => [
      town.alice,
      { ...square(), participant: await peerOf(town.alice, erin), bannedRights: KICK },
    ],
    'channels.inviteToChannel': async () => [town.alice, { ...square(), ...(await inviting(erin)) }],
    'channels.reportSpam': async () => [
      town.alice,
      { ...square(), participant: await peerOf(town.alice, erin), id: [1] },
    ],
    'contacts.block': async () => [town.alice, { id: await peerOf(town.alice, erin) }],
  })

  refusesEach('USER_ID_INVALID', 'who is nobody', {
    'channels.editAdmin': () => [town.alice, { ...square(), userId: NOBODY, adminRights: ADMIN, rank: '' }],
    'channels.editBanned': async () => [
      town.alice,
      { ...square(), participant: await peerOf(town.alice, town.alice), bannedRights: KICK },
    ],
    'channels.getParticipant': () => [
      town.alice,
      { ...square(), participant: { _: 'inputPeerUser', userId: town.bob.id, accessHash: 1n } },
    ],
    'channels.inviteToChannel': () => [town.alice, { ...square(), users: [NOBODY] }],
    'channels.reportSpam': () => [town.alice, { ...square(), participant: { _: 'inputPeerEmpty' }, id: [1] }],
  })

  const blocked = async () => {
    const frank = await town.system.signUp('Frank')
    await town.alice.call('contacts.block', { id: await peerOf(town.alice, frank) })
    return frank
  }
  refusesEach('USER_BLOCKED', 'whom the caller has blocked', {
    'channels.editAdmin': async () => [town.alice, { ...square(), ...(await promoting(await blocked())) }],
    'channels.inviteToChannel': async () => [
      town.alice,
      { ...square(), ...(await inviting(await blocked())) },
    ],
  })

  const busy = async () => {
    const grace = await town.system.signUp('Grace')
    await crowd(town.system, grace.id, MANY_CHATS)
    return grace
  }
  refusesEach('USER_CHANNELS_TOO_MUCH', 'who is in too many chats', {
    'channels.editAdmin': async () => [town.alice, { ...square(), ...(await promoting(await busy())) }],
    'channels.inviteToChannel': async () => [town.alice, { ...square(), ...(await inviting(await busy())) }],
  })

  const shy = async () => {
    const heidi = await town.system.signUp('Heidi')
    const rules = [{ _: 'inputPrivacyValueDisallowAll' } as const]
    await heidi.call('account.setPrivacy', { key: { _: 'inputPrivacyKeyChatInvite' }, rules })
    return heidi
  }
  refuses('channels.editAdmin', 'USER_PRIVACY_RESTRICTED', 'who lets nobody invite it', async () => [
    town.alice,
    { ...square(), ...(await promoting(await shy())) },
  ])
  refuses(
    'channels.inviteToChannel',
    'USER_PRIVACY_RESTRICTED',
    'whom an old client could not be told',
    async () => [town.alice.withLayer(OLD_LAYER), { ...square(), ...(await inviting(await shy())) }],
  )

  refuses(
    'channels.inviteToChannel',
    'USER_KICKED',
    'who was removed, by who may not let it in again',
    async () => {
      return [town.bob, { ...at(town.bob, town.square), users: [await userOf(town.bob, town.dave)] }]
    },
  )

  refuses('channels.inviteToChannel', 'USER_NOT_MUTUAL_CONTACT', 'who left by itself', async () => {
    const ivan = await town.system.signUp('Ivan')
    await invite(town.alice, town.square, ivan)
    await ivan.call('channels.leaveChannel', at(ivan, town.square))
    return [town.bob, { ...at(town.bob, town.square), users: [await userOf(town.bob, ivan)] }]
  })

  refuses(
    'channels.editAdmin',
    'CHAT_ADMIN_INVITE_REQUIRED',
    'by who may promote but not invite',
    async () => {
      const chatId = await found(town.alice, 'Invited', 'broadcast')
      await invite(town.alice, chatId, town.bob)
      await promote(town.alice, chatId, town.bob, { addAdmins: true, banUsers: true })
      const userId = await userOf(town.bob, town.carol)
      return [town.bob, { ...at(town.bob, chatId), userId, adminRights: ADMIN, rank: '' }]
    },
  )
})

describe('members and administrators', () => {
  refuses('channels.editBanned', 'USER_ADMIN_INVALID', 'for the creator', async () => {
    const chatId = await found(town.alice, 'Guarded')
    await invite(town.alice, chatId, town.bob)
    await promote(town.alice, chatId, town.bob, { banUsers: true })
    const participant = await peerOf(town.bob, town.alice)
    return [town.bob, { ...at(town.bob, chatId), participant, bannedRights: KICK }]
  })

  refuses('channels.editAdmin', 'ADMINS_TOO_MUCH', 'beyond the last one', async () => {
    const chatId = await found(town.alice, 'Led')
    for (let i = 1; i < MOST_ADMINS; i++) {
      const admin = await town.system.signUp(`Admin ${i}`)
      await invite(town.alice, chatId, admin)
      await promote(town.alice, chatId, admin, { banUsers: true })
    }
    await invite(town.alice, chatId, town.bob)
    return [town.alice, { ...at(town.alice, chatId), ...(await promoting(town.bob)) }]
  })

  refuses('channels.joinChannel', 'USER_ALREADY_PARTICIPANT', 'for a member', () => [
    town.bob,
    at(town.bob, town.square),
  ])
  refuses('channels.leaveChannel', 'USER_NOT_PARTICIPANT', 'for who is not in it', () => [
    town.carol,
    at(town.carol, town.market),
  ])

  refuses(
    'channels.joinChannel',
    'INVITE_REQUEST_SENT',
    'where members are let in by administrators',
    async () => {
      const chatId = await found(town.alice, 'Asked')
      await publish(town.alice, chatId, 'asked_first')
      await town.alice.call('channels.toggleJoinRequest', { ...at(town.alice, chatId), enabled: true })
      return [town.carol, at(town.carol, chatId)]
    },
  )
})

describe('too many', () => {
  const full = async () => {
    const chatId = await found(town.alice, 'Full')
    await fill(town.system, chatId, FULL)
    return chatId
  }
  refusesEach('USERS_TOO_MUCH', 'in a group that is full', {
    'channels.editAdmin': async () => [
      town.alice,
      { ...at(town.alice, await full()), ...(await promoting(town.carol)) },
    ],
    'channels.inviteToChannel': async () => [
      town.alice,
      { ...at(town.alice, await full()), ...(await inviting(town.carol)) },
    ],
    'channels.joinChannel': async () => {
      const chatId = await found(town.alice, 'Open')
      await publish(town.alice, chatId, 'open_to_all')
      await fill(town.system, chatId, FULL)
      return [town.carol, at(town.carol, chatId)]
    },
  })

  const crowded = async () => {
    const judy = await town.system.signUp('Judy')
    await crowd(town.system, judy.id, MANY_CHATS)
    return judy
  }
  refusesEach('CHANNELS_TOO_MUCH', 'for who is in as many chats as one can be', {
    'channels.createChannel': async () => [await crowded(), { title: 'One more', about: '' }],
    'channels.joinChannel': async () => {
      const judy = await crowded()
      return [judy, at(judy, town.market)]
    },
  })

  refuses('channels.deleteChannel', 'CHANNEL_TOO_LARGE', 'of very many members', async () => {
    const chatId = await found(town.alice, 'Large')
    await fill(town.system, chatId, 1_001)
    return [town.alice, at(town.alice, chatId)]
  })
  refuses('channels.deleteHistory', 'CHANNEL_TOO_BIG', 'for all of very many members', async () => {
    const chatId = await found(town.alice, 'Big')
    await fill(town.system, chatId, 1_001)
    return [town.alice, { ...at(town.alice, chatId), maxId: 0, forEveryone: true }]
  })
})

refuses('channels.deleteParticipantHistory', 'PARTICIPANT_ID_INVALID', 'for a peer that is nobody', () => [
  town.alice,
  { ...square(), participant: { _: 'inputPeerEmpty' } },
])
