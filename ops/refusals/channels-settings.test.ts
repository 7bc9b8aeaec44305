import type { ChatId } from '@heliograph/schemas/avro'
import { afterAll, beforeAll, describe } from 'vitest'
import { refuses, refusesEach } from './refuses.ts'
import type { Person } from './system.ts'
import { channelOf, channelPeerOf, found, foundTown, publish, say, type Town } from './town.ts'

const NO_PHOTO = { _: 'inputChatPhotoEmpty' } as const
const NOWHERE = { _: 'inputGeoPointEmpty' } as const
const SOME_SET = { _: 'inputStickerSetShortName', shortName: 'none' } as const
const MOST_PUBLIC = 10

let town: Town
beforeAll(async () => {
  town = await foundTown()
})
afterAll(() => town.system.stop())

const at = (who: Person, chatId: ChatId) => ({ channel: channelOf(who, chatId) })
const square = () => at(town.alice, town.square)
const letter = () => at(town.alice, town.letter)

describe('settings', () => {
  refusesEach('CHAT_NOT_MODIFIED', 'where nothing changes', {
    'channels.editLocation': () => [town.alice, { ...square(), geoPoint: NOWHERE, address: '' }],
    'channels.editPhoto': () => [town.alice, { ...square(), photo: NO_PHOTO }],
    'channels.editTitle': () => [town.alice, { ...square(), title: 'Square' }],
    'channels.toggleJoinRequest': () => [town.alice, { ...square(), enabled: false }],
    'channels.togglePreHistoryHidden': () => [town.alice, { ...square(), enabled: false }],
    'channels.toggleSignatures': () => [town.alice, letter()],
    'channels.toggleSlowMode': () => [town.alice, { ...square(), seconds: 0 }],
  })

  refusesEach('CHAT_ID_INVALID', 'of a channel that has none such', {
    'channels.toggleJoinRequest': () => [town.alice, { ...letter(), enabled: true }],
    'channels.toggleJoinToSend': () => [town.alice, { ...letter(), enabled: true }],
    'channels.togglePreHistoryHidden': () => [town.alice, { ...letter(), enabled: true }],
    'channels.toggleSignatures': () => [town.alice, { ...square(), signaturesEnabled: true }],
  })

  refuses('channels.editLocation', 'MEGAGROUP_REQUIRED', 'of a channel', () => [
    town.alice,
    { ...letter(), geoPoint: NOWHERE, address: '' },
  ])
  refuses('channels.convertToGigagroup', 'CHANNEL_ID_INVALID', 'of a channel', () => [town.alice, letter()])
  refuses('channels.setStickers', 'PARTICIPANTS_TOO_FEW', 'of a small group', () => [
    town.alice,
    { ...square(), stickerset: SOME_SET },
  ])

  const linked = async () => {
    const [group, channel] = [await found(town.alice, 'Talk'), await found(town.alice, 'News', 'broadcast')]
    const sides = { broadcast: channelOf(town.alice, channel), group: channelOf(town.alice, group) }
    await town.alice.call('channels.setDiscussionGroup', sides)
    return group
  }
  refuses('channels.togglePreHistoryHidden', 'CHAT_LINK_EXISTS', 'of a discussion', async () => [
    town.alice,
    { ...at(town.alice, await linked()), enabled: true },
  ])
  refuses('channels.toggleForum', 'CHAT_DISCUSSION_UNALLOWED', 'of a discussion', async () => [
    town.alice,
    { ...at(town.alice, await linked()), enabled: true, tabs: false },
  ])
})

describe('names', () => {
  refusesEach('USERNAME_INVALID', 'for no name', {
    'channels.checkUsername': () => [town.alice, { ...square(), username: '1' }],
    'channels.toggleUsername': () => [town.alice, { ...square(), username: 'nobodys', active: true }],
  })

  const owner = async () => {
    const karl = await town.system.signUp('Karl')
    const names = Array.from({ length: MOST_PUBLIC }, (_, i) => `karls_${karl.id}_${i}`)
    for (const name of names) await publish(karl, await found(karl, name), name)
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
      return [karl, { ...at(karl, await found(karl, 'One more')), username: 'one_more' }]
    },
  })
})

describe('messages', () => {
  refuses('channels.exportMessageLink', 'MESSAGE_ID_INVALID', 'where there is no such message', () => [
    town.alice,
    { ...square(), id: 9_999 },
  ])
  refuses('channels.getMessages', 'MESSAGE_IDS_EMPTY', 'for none', () => [
    town.alice,
    { ...square(), id: [] },
  ])
  refuses('channels.deleteMessages', 'MESSAGE_DELETE_FORBIDDEN', 'of others', async () => {
    const id = await say(town.alice, channelPeerOf(town.alice, town.square), 'stays')
    return [town.bob, { ...at(town.bob, town.square), id: [id] }]
  })
  refuses('channels.getLeftChannels', 'TAKEOUT_REQUIRED', 'outside a take-out', () => [
    town.alice,
    { offset: 0 },
  ])
})

describe('in whose name one may write', () => {
  refuses('channels.getSendAs', 'PEER_ID_INVALID', 'for no peer', () => [
    town.alice,
    { peer: { _: 'inputPeerEmpty' } },
  ])
  refuses('channels.getSendAs', 'CHAT_ID_INVALID', 'in a group that one is not in', () => [
    town.alice,
    { peer: { _: 'inputPeerChat', chatId: 12_345 } },
  ])
})
