import { afterAll, beforeAll, describe } from 'vitest'
import { refuses, refusesEach } from './refuses.ts'
import type { Person } from './system.ts'
import { channelOf, foundTown, peerOf, type Town, userOf } from './town.ts'

const NOBODY = { _: 'inputUserEmpty' } as const
const NO_PEER = { _: 'inputPeerEmpty' } as const
const EVERYTHING = { _: 'channelMessagesFilterEmpty' } as const

let town: Town
/** Has deleted its account. */
let erin: Person
beforeAll(async () => {
  town = await foundTown()
  erin = await town.system.signUp('Erin')
  await erin.call('account.deleteAccount', { reason: '' })
})
afterAll(() => town.system.stop())

describe('contacts', () => {
  refusesEach('CONTACT_ID_INVALID', 'for nobody', {
    'contacts.acceptContact': () => [town.alice, { id: NOBODY }],
    'contacts.addContact': () => [town.alice, { id: NOBODY, firstName: 'x', lastName: '', phone: '' }],
    'contacts.block': () => [town.alice, { id: NO_PEER }],
    'contacts.unblock': () => [town.alice, { id: NO_PEER }],
  })
  refuses('contacts.acceptContact', 'CONTACT_ADD_MISSING', 'for an account that is gone', async () => [
    town.alice,
    { id: await userOf(town.alice, erin) },
  ])
  refuses('contacts.acceptContact', 'CONTACT_REQ_MISSING', 'where nobody has asked', async () => [
    town.alice,
    { id: await userOf(town.alice, town.bob) },
  ])
  refuses('contacts.addContact', 'CONTACT_NAME_EMPTY', 'without a name', async () => [
    town.alice,
    { id: await userOf(town.alice, town.bob), firstName: ' ', lastName: 'x', phone: '' },
  ])
  refuses('contacts.resetTopPeerRating', 'PEER_ID_INVALID', 'for no peer', () => [
    town.alice,
    { category: { _: 'topPeerCategoryCorrespondents' }, peer: NO_PEER },
  ])
  refuses('contacts.getSaved', 'TAKEOUT_REQUIRED', 'outside a take-out', () => [town.alice, {}])
  refuses('contacts.search', 'SEARCH_QUERY_EMPTY', 'for nothing', () => [town.alice, { q: ' ', limit: 1 }])
  refuses('contacts.resolvePhone', 'PHONE_NOT_OCCUPIED', 'of nobody', () => [
    town.alice,
    { phone: '4900000' },
  ])
})

describe('users and their photos', () => {
  refuses('users.getFullUser', 'USER_ID_INVALID', 'for nobody', () => [town.alice, { id: NOBODY }])
  refuses('photos.getUserPhotos', 'USER_ID_INVALID', 'for nobody', () => [
    town.alice,
    { userId: NOBODY, offset: 0, maxId: 0n, limit: 1 },
  ])
  refuses('photos.getUserPhotos', 'MAX_ID_INVALID', 'from no photo', () => [
    town.alice,
    { userId: { _: 'inputUserSelf' }, offset: 0, maxId: -1n, limit: 1 },
  ])
})

describe('differences', () => {
  const date = 1
  const since = (pts: number) => ({
    channel: channelOf(town.alice, town.square),
    filter: EVERYTHING,
    pts,
    limit: 10,
  })
  refusesEach('PERSISTENT_TIMESTAMP_EMPTY', 'since nothing', {
    'updates.getChannelDifference': () => [town.alice, since(0)],
    'updates.getDifference': () => [town.alice, { pts: 0, date, qts: 0 }],
  })
  refusesEach('PERSISTENT_TIMESTAMP_INVALID', 'since before anything', {
    'updates.getChannelDifference': () => [town.alice, since(-1)],
    'updates.getDifference': () => [town.alice, { pts: -1, date, qts: 0 }],
  })
  refuses('updates.getDifference', 'DATE_EMPTY', 'without a date', () => [
    town.alice,
    { pts: 1, date: 0, qts: 0 },
  ])
  refuses('updates.getChannelDifference', 'RANGES_INVALID', 'of a range that ends before it begins', () => {
    const ranges = [{ _: 'messageRange', minId: 2, maxId: 1 } as const]
    return [town.alice, { ...since(1), filter: { _: 'channelMessagesFilter', ranges } }]
  })
})

describe('folders', () => {
  refuses('folders.editPeerFolders', 'CHAT_ID_INVALID', 'of no peer', () => [
    town.alice,
    { folderPeers: [{ _: 'inputFolderPeer', peer: NO_PEER, folderId: 1 }] },
  ])
  refuses('folders.editPeerFolders', 'FOLDER_ID_INVALID', 'for no folder', async () => [
    town.alice,
    { folderPeers: [{ _: 'inputFolderPeer', peer: await peerOf(town.alice, town.bob), folderId: 7 }] },
  ])
})
