import type { PeerId } from '@heliograph/schemas/avro'
import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import { filterOf } from '../folders/filters.ts'
import type { DialogFilter } from '../folders/named-by.ts'
import type { CallContext } from '../handler.ts'
import { peerNumber } from '../render/peer.ts'
import type { Services } from '../services.ts'
import { readSetting, writeSetting } from '../settings.ts'
import { type Entry, entriesByName, entryByName } from '../stickers/catalog.ts'

/** A link to a folder, as anybody finds it by its slug. */
export type ChatlistLink = Entry<'chatlist'>
export type SharedFilter = Extract<DialogFilter, { readonly _: 'dialogFilterChatlist' }>

/** Links of one folder; also told to clients by `help.getAppConfig`. */
export const MAX_LINKS = 3
const SLUG_BYTES = 16
const SLUG = /^[0-9a-f]{32}$/
const ADDRESS = 'https://t.me/addlist/'
/** Names of the settings with the slugs of a folder's links. */
const LINKS_PREFIX = 'chatlist-links:'

/** Of one case, as names in the catalog are the same in both. */
export const newSlug = ({ random }: Pick<Services, 'random'>): string =>
  Buffer.from(random(SLUG_BYTES)).toString('hex')

export const urlOf = (slug: string): string => ADDRESS + slug

/** @throws RpcError 400 INVITE_SLUG_EMPTY, INVITE_SLUG_EXPIRED where there is no such link */
export async function linkBySlug(services: Services, given: string): Promise<ChatlistLink> {
  if (given === '') throw new RpcError(400, 'INVITE_SLUG_EMPTY')
  const slug = (given.split('/').pop() ?? '').replace(/^.*slug=/, '').toLowerCase()
  const link = SLUG.test(slug) ? await entryByName(services, 'chatlist', slug) : undefined
  if (link === undefined) throw new RpcError(400, 'INVITE_SLUG_EXPIRED')
  return link
}

export const inviteOf = ({ value }: ChatlistLink): Tl<'exportedChatlistInvite'> =>
  value.invite as Tl<'exportedChatlistInvite'>

export const peersOf = (link: ChatlistLink): PeerId[] => inviteOf(link).peers.map(peerNumber)

/** The links that a user has to a folder of its own. */
export async function linksOf({ services, user }: CallContext, filterId: number): Promise<ChatlistLink[]> {
  const slugs = await slugsOf(services, user, filterId)
  return entriesByName(services, 'chatlist', slugs)
}

async function slugsOf(
  services: Pick<Services, 'tables' | 'keyring'>,
  user: CallContext['user'],
  filterId: number,
): Promise<string[]> {
  const value = await readSetting(services, user, LINKS_PREFIX + filterId)
  return value === undefined ? [] : value.toString().split(' ')
}

export async function keepLinks(
  context: CallContext,
  filterId: number,
  slugs: readonly string[],
): Promise<void> {
  const value = slugs.length === 0 ? null : Buffer.from(slugs.join(' '))
  await writeSetting(context, LINKS_PREFIX + filterId, value)
}

/** The folder that a call names; 400 FILTER_ID_INVALID where there is none. */
export async function folderOf(
  { services, user }: CallContext,
  { filterId }: TlType<'InputChatlist'>,
): Promise<DialogFilter> {
  const filter = await filterOf(services, user, filterId)
  if (filter === undefined) throw new RpcError(400, 'FILTER_ID_INVALID')
  return filter
}

/** As `folderOf`, of a folder that has links or came by one: 400 FILTER_NOT_SUPPORTED for others. */
export async function sharedFolderOf(
  context: CallContext,
  chatlist: TlType<'InputChatlist'>,
): Promise<SharedFilter> {
  const filter = await folderOf(context, chatlist)
  if (filter._ !== 'dialogFilterChatlist') throw new RpcError(400, 'FILTER_NOT_SUPPORTED')
  return filter
}
