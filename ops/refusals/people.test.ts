import { describe } from 'vitest'
import { refusesEach } from './refuses.ts'
import { ownScene } from './scene.ts'

const NOBODY = { _: 'inputUserEmpty' } as const
const NO_PEER = { _: 'inputPeerEmpty' } as const
const EVERYTHING = { _: 'channelMessagesFilterEmpty' } as const

const s = ownScene()

describe('contacts', () => {
  refusesEach('CONTACT_ID_INVALID', 'for nobody', {
    'contacts.acceptContact': () => [s.alice, { id: NOBODY }],
    'contacts.addContact': () => [s.alice, { id: NOBODY, firstName: 'x', lastName: '', phone: '' }],
    'contacts.block': () => [s.alice, { id: NO_PEER }],
    'contacts.unblock': () => [s.alice, { id: NO_PEER }],
  })
  refusesEach('CONTACT_ADD_MISSING', 'for an account that is gone', {
    'contacts.acceptContact': () => [s.alice, { id: s.alice.user(s.dave) }],
  })
  refusesEach('CONTACT_REQ_MISSING', 'where nobody has asked', {
    'contacts.acceptContact': () => [s.alice, { id: s.alice.user(s.bob) }],
  })
  refusesEach('CONTACT_NAME_EMPTY', 'without a name', {
    'contacts.addContact': () => [
      s.alice,
      { id: s.alice.user(s.bob), firstName: ' ', lastName: 'x', phone: '' },
    ],
  })
  refusesEach('PEER_ID_INVALID', 'for no peer', {
    'contacts.resetTopPeerRating': () => [
      s.alice,
      { category: { _: 'topPeerCategoryCorrespondents' }, peer: NO_PEER },
    ],
  })
  refusesEach('TAKEOUT_REQUIRED', 'outside a take-out', { 'contacts.getSaved': () => [s.alice, {}] })
  refusesEach('SEARCH_QUERY_EMPTY', 'for nothing', {
    'contacts.search': () => [s.alice, { q: ' ', limit: 1 }],
  })
  refusesEach('PHONE_NOT_OCCUPIED', 'of nobody', {
    'contacts.resolvePhone': () => [s.alice, { phone: '4900000' }],
  })
})

describe('users and their photos', () => {
  refusesEach('USER_ID_INVALID', 'for nobody', { 'users.getFullUser': () => [s.alice, { id: NOBODY }] })
  refusesEach('USER_ID_INVALID', 'for nobody', {
    'photos.getUserPhotos': () => [s.alice, { userId: NOBODY, offset: 0, maxId: 0n, limit: 1 }],
  })
  refusesEach('MAX_ID_INVALID', 'from no photo', {
    'photos.getUserPhotos': () => [
      s.alice,
      { userId: { _: 'inputUserSelf' }, offset: 0, maxId: -1n, limit: 1 },
    ],
  })
})

describe('differences', () => {
  const date = 1
  const since = (pts: number) => ({
    channel: s.alice.channel(s.town),
    filter: EVERYTHING,
    pts,
    limit: 10,
  })
  refusesEach('PERSISTENT_TIMESTAMP_EMPTY', 'since nothing', {
    'updates.getChannelDifference': () => [s.alice, since(0)],
    'updates.getDifference': () => [s.alice, { pts: 0, date, qts: 0 }],
  })
  refusesEach('PERSISTENT_TIMESTAMP_INVALID', 'since before anything', {
    'updates.getChannelDifference': () => [s.alice, since(-1)],
    'updates.getDifference': () => [s.alice, { pts: -1, date, qts: 0 }],
  })
  refusesEach('DATE_EMPTY', 'without a date', {
    'updates.getDifference': () => [s.alice, { pts: 1, date: 0, qts: 0 }],
  })
  refusesEach('RANGES_INVALID', 'of a range that ends before it begins', {
    'updates.getChannelDifference': () => {
      const ranges = [{ _: 'messageRange', minId: 2, maxId: 1 } as const]
      return [s.alice, { ...since(1), filter: { _: 'channelMessagesFilter', ranges } }]
    },
  })
})

describe('folders', () => {
  refusesEach('CHAT_ID_INVALID', 'of no peer', {
    'folders.editPeerFolders': () => [
      s.alice,
      { folderPeers: [{ _: 'inputFolderPeer', peer: NO_PEER, folderId: 1 }] },
    ],
  })
  refusesEach('FOLDER_ID_INVALID', 'for no folder', {
    'folders.editPeerFolders': () => [
      s.alice,
      { folderPeers: [{ _: 'inputFolderPeer', peer: s.alice.peer(s.bob), folderId: 7 }] },
    ],
  })
})
