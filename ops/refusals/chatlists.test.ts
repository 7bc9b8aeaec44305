import type { TlType } from '@heliograph/schemas/tl'
import { describe } from 'vitest'
import { refusesEach } from './refuses.ts'
import { ownScene } from './scene.ts'

const title = { _: 'textWithEntities', text: 'Town', entities: [] } as const
const NO_FOLDER = { chatlist: { _: 'inputChatlistDialogFilter', filterId: 99 } } as const

const s = ownScene()

const market = () => s.alice.channelPeer(s.market)

/** A folder of one chat, or with whole kinds of them. */
async function folder(filterId: number, kinds: { readonly groups?: true } = {}) {
  const includePeers = [market()]
  const rest = { pinnedPeers: [], includePeers, excludePeers: [] }
  const filter: TlType<'DialogFilter'> = { _: 'dialogFilter', id: filterId, title, ...rest, ...kinds }
  await s.alice.call('messages.updateDialogFilter', { id: filterId, filter })
  return { chatlist: { _: 'inputChatlistDialogFilter', filterId } } as const
}

describe('links to folders', () => {
  refusesEach('INVITE_SLUG_EMPTY', 'without a name', {
    'chatlists.checkChatlistInvite': () => [s.alice, { slug: '' }],
    'chatlists.joinChatlistInvite': () => [s.alice, { slug: '', peers: [] }],
  })

  refusesEach('FILTER_ID_INVALID', 'of no folder', {
    'chatlists.deleteExportedInvite': () => [s.alice, { ...NO_FOLDER, slug: 'x' }],
    'chatlists.editExportedInvite': () => [s.alice, { ...NO_FOLDER, slug: 'x', title: 'y' }],
    'chatlists.exportChatlistInvite': () => [s.alice, { ...NO_FOLDER, title: '', peers: [market()] }],
  })

  refusesEach('FILTER_NOT_SUPPORTED', 'of a folder of whole kinds', {
    'chatlists.exportChatlistInvite': async () => [
      s.alice,
      { ...(await folder(2, { groups: true })), title: '', peers: [market()] },
    ],
  })
  refusesEach('PEERS_LIST_EMPTY', 'without chats', {
    'chatlists.exportChatlistInvite': async () => [s.alice, { ...(await folder(3)), title: '', peers: [] }],
  })
  refusesEach('INVITES_TOO_MUCH', 'beyond the last one', {
    'chatlists.exportChatlistInvite': async () => {
      const shared = { ...(await folder(4)), title: '', peers: [market()] }
      for (let i = 0; i < 3; i++) await s.alice.call('chatlists.exportChatlistInvite', shared)
      return [s.alice, shared]
    },
  })
})
