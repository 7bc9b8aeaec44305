import type { TlType } from '@heliograph/schemas/tl'
import { afterAll, beforeAll, describe } from 'vitest'
import { refuses, refusesEach } from './refuses.ts'
import { channelPeerOf, foundTown, type Town } from './town.ts'

const title = { _: 'textWithEntities', text: 'Town', entities: [] } as const
const NO_FOLDER = { chatlist: { _: 'inputChatlistDialogFilter', filterId: 99 } } as const

let town: Town
beforeAll(async () => {
  town = await foundTown()
})
afterAll(() => town.system.stop())

const market = () => channelPeerOf(town.alice, town.market)

/** A folder of one chat, or with whole kinds of them. */
async function folder(filterId: number, kinds: { readonly groups?: true } = {}) {
  const includePeers = [market()]
  const rest = { pinnedPeers: [], includePeers, excludePeers: [] }
  const filter: TlType<'DialogFilter'> = { _: 'dialogFilter', id: filterId, title, ...rest, ...kinds }
  await town.alice.call('messages.updateDialogFilter', { id: filterId, filter })
  return { chatlist: { _: 'inputChatlistDialogFilter', filterId } } as const
}

describe('links to folders', () => {
  refusesEach('INVITE_SLUG_EMPTY', 'without a name', {
    'chatlists.checkChatlistInvite': () => [town.alice, { slug: '' }],
    'chatlists.joinChatlistInvite': () => [town.alice, { slug: '', peers: [] }],
  })

  refusesEach('FILTER_ID_INVALID', 'of no folder', {
    'chatlists.deleteExportedInvite': () => [town.alice, { ...NO_FOLDER, slug: 'x' }],
    'chatlists.editExportedInvite': () => [town.alice, { ...NO_FOLDER, slug: 'x', title: 'y' }],
    'chatlists.exportChatlistInvite': () => [town.alice, { ...NO_FOLDER, title: '', peers: [market()] }],
  })

  refuses(
    'chatlists.exportChatlistInvite',
    'FILTER_NOT_SUPPORTED',
    'of a folder of whole kinds',
    async () => [town.alice, { ...(await folder(2, { groups: true })), title: '', peers: [market()] }],
  )
  refuses('chatlists.exportChatlistInvite', 'PEERS_LIST_EMPTY', 'without chats', async () => [
    town.alice,
    { ...(await folder(3)), title: '', peers: [] },
  ])
  refuses('chatlists.exportChatlistInvite', 'INVITES_TOO_MUCH', 'beyond the last one', async () => {
    const shared = { ...(await folder(4)), title: '', peers: [market()] }
    for (let i = 0; i < 3; i++) await town.alice.call('chatlists.exportChatlistInvite', shared)
    return [town.alice, shared]
  })
})
