import type { PeerId } from '@heliograph/schemas/avro'
import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../handler.ts'
import { idsHash } from '../hash.ts'
import { renderNamed } from '../messages/answers.ts'
import { inputPeerId } from '../peers.ts'
import { renderPeer } from '../render/peer.ts'
import { listSettings, readSetting, writeSetting } from '../settings.ts'
import { type Rated, ratings } from './ratings.ts'

const OFF_SETTING = 'top-peers-off'
const RESET_PREFIX = 'top-peer-reset:'
const OFF = Buffer.from([1])
const DATE_BYTES = 4
const MAX_TOP_PEERS = 100

const CATEGORIES = [
  'correspondents',
  'botsPm',
  'botsInline',
  'phoneCalls',
  'forwardUsers',
  'forwardChats',
  'groups',
  'channels',
  'botsApp',
  'botsGuestchat',
] as const

/** `contacts.getTopPeers`: people and groups that the caller writes to most (core.telegram.org/api/top-rating). */
export const getTopPeers: Handler<'contacts.getTopPeers'> = async (call, context) => {
  const { services, user } = context
  if (!CATEGORIES.some((name) => call[name] === true)) throw new RpcError(400, 'TYPES_EMPTY')
  if ((await readSetting(services, user, OFF_SETTING)) !== undefined)
    return { _: 'contacts.topPeersDisabled' }
  const rated = await ratings(context, await resets(context))
  const people = rated.filter(({ peerId }) => peerId > 0)
  const groups = rated.filter(({ peerId }) => peerId < 0)
  const categories = [
    ...(call.correspondents ? [category('topPeerCategoryCorrespondents', people, call)] : []),
    ...(call.groups ? [category('topPeerCategoryGroups', groups, call)] : []),
  ].filter(({ peers }) => peers.length > 0)
  const shown = categories.flatMap(({ peers }) => peers.map(({ peerId }) => peerId))
  const isKnown = call.hash !== 0n && call.hash === idsHash(shown)
  if (isKnown) return { _: 'contacts.topPeersNotModified' }
  const named = await renderNamed(context, shown)
  return { _: 'contacts.topPeers', categories: categories.map(rendered), ...named }
}

interface Category {
  readonly name: TlType<'TopPeerCategory'>['_']
  readonly count: number
  readonly peers: readonly Rated[]
}

function category(
  name: Category['name'],
  rated: readonly Rated[],
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Category {
  const from = Math.max(0, offset)
  const peers = rated.slice(from, from + Math.min(Math.max(limit, 0), MAX_TOP_PEERS))
  return { name, count: rated.length, peers }
}

const rendered = ({ name, count, peers }: Category): Tl<'topPeerCategoryPeers'> => ({
  _: 'topPeerCategoryPeers',
  category: { _: name },
  count,
  peers: peers.map(({ peerId, rating }) => ({ _: 'topPeer', peer: renderPeer(peerId), rating })),
})

/** Since when messages to a peer count, where its rating was reset. */
async function resets({ services, user }: CallContext): Promise<Map<PeerId, number>> {
  const stored = await listSettings(services, user, RESET_PREFIX)
  return new Map(
    stored.map(({ name, value }) => [
      Number(name.slice(RESET_PREFIX.length)) as PeerId,
      value.readUInt32LE(),
    ]),
  )
}

/** `contacts.resetTopPeerRating`: what was sent to the peer until now counts no more. */
export const resetTopPeerRating: Handler<'contacts.resetTopPeerRating'> = async (call, context) => {
  const date = Buffer.alloc(DATE_BYTES)
  date.writeUInt32LE(context.now)
  await writeSetting(context, RESET_PREFIX + inputPeerId(call.peer, context), date)
  return true
}

/** `contacts.toggleTopPeers` */
export const toggleTopPeers: Handler<'contacts.toggleTopPeers'> = async (call, context) => {
  await writeSetting(context, OFF_SETTING, call.enabled ? null : OFF)
  return true
}
