import type { UserId } from '@heliograph/schemas/avro'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { listSettings, readSetting, tlValue, writeSetting, writeTlSetting } from '../settings.ts'
import { checkFilter } from './check-filter.ts'
import type { DialogFilter } from './named-by.ts'

/** Each folder is a setting of its own, with its number; another has their order, a byte each, and one says whether tags are shown. */
export const FILTER_PREFIX = 'dialog-filter:'
export const FILTER_ORDER = 'dialog-filters-order'
export const FILTER_TAGS = 'dialog-filters-tags'

/** Folders of one user; also told to clients by `help.getAppConfig`. */
export const MAX_FILTERS = 10
/** 0 and 1 are the main list and the archive. */
const FIRST_FILTER_ID = 2
const LAST_FILTER_ID = 255

type Reading = Pick<Services, 'tables' | 'keyring'>

const nameOf = (id: number): string => `${FILTER_PREFIX}${id}`

/** One folder; undefined where there is none of that number. */
export async function filterOf(
  services: Reading,
  user: UserId,
  id: number,
): Promise<DialogFilter | undefined> {
  const value = await readSetting(services, user, nameOf(id))
  return value && filterValue(value)
}

function filterValue(value: Buffer): DialogFilter | undefined {
  return tlValue(value, 'dialogFilter') ?? tlValue(value, 'dialogFilterChatlist')
}

/** All folders in the user's order; those that stand in no order follow by number. */
export async function filtersOf(services: Reading, user: UserId): Promise<DialogFilter[]> {
  const [stored, order] = await Promise.all([
    listSettings(services, user, FILTER_PREFIX),
    filterOrder(services, user),
  ])
  const rank = new Map(order.map((id, index) => [id, index]))
  const rankOf = ({ id }: DialogFilter): number => rank.get(id) ?? LAST_FILTER_ID + id
  return stored.flatMap(({ value }) => filterValue(value) ?? []).sort((a, b) => rankOf(a) - rankOf(b))
}

/** Numbers of folders in order; 0 stands for the list of all chats. */
export async function filterOrder(services: Reading, user: UserId): Promise<number[]> {
  return [...((await readSetting(services, user, FILTER_ORDER)) ?? [])]
}

export const getDialogFilters: Handler<'messages.getDialogFilters'> = async (_, { services, user }) => {
  const [filters, order, tags] = await Promise.all([
    filtersOf(services, user),
    filterOrder(services, user),
    readSetting(services, user, FILTER_TAGS),
  ])
  const all: TlType<'DialogFilter'>[] = [...filters]
  const ahead = new Set(order.slice(0, Math.max(0, order.indexOf(0))))
  all.splice(filters.filter(({ id }) => ahead.has(id)).length, 0, { _: 'dialogFilterDefault' })
  return { _: 'messages.dialogFilters', ...(tags && { tagsEnabled: true }), filters: all }
}

export const updateDialogFilter: Handler<'messages.updateDialogFilter'> = async (call, context) => {
  const { id, filter } = call
  if (!isFilterId(id)) throw new RpcError(400, 'FILTER_ID_INVALID')
  if (filter === undefined) {
    await removeFilter(context, id)
    return true
  }
  const before = await filtersOf(context.services, context.user)
  const known = before.find((one) => one.id === id)
  if (known === undefined && before.length >= MAX_FILTERS) throw new RpcError(400, 'DIALOG_FILTERS_TOO_MUCH')
  await saveFilter(context, checkFilter(context, id, filter, known))
  return true
}

export const isFilterId = (id: number): boolean => id >= FIRST_FILTER_ID && id <= LAST_FILTER_ID

/** Writes a folder that has been checked; the user's other sessions are told. */
export function saveFilter(context: CallContext, filter: DialogFilter): Promise<void> {
  return writeTlSetting(context, nameOf(filter.id), filter)
}

/** Removes a folder; 400 FILTER_ID_INVALID where there is none. */
export async function removeFilter(context: CallContext, id: number): Promise<void> {
  if ((await filterOf(context.services, context.user, id)) === undefined)
    throw new RpcError(400, 'FILTER_ID_INVALID')
  await writeSetting(context, nameOf(id), null)
}

/** A number that no folder of the user has. */
export function freeFilterId(filters: readonly DialogFilter[]): number {
  const taken = new Set(filters.map(({ id }) => id))
  for (let id = FIRST_FILTER_ID; ; id += 1) if (!taken.has(id)) return id
}

/** `messages.updateDialogFiltersOrder`: numbers that there are not are left out, those not given follow. */
export const updateDialogFiltersOrder: Handler<'messages.updateDialogFiltersOrder'> = async (
  call,
  context,
) => {
  const order = [...new Set(call.order)].filter((id) => id === 0 || isFilterId(id))
  await writeSetting(context, FILTER_ORDER, order.length === 0 ? null : Buffer.from(order))
  return true
}

/** `messages.toggleDialogFilterTags` */
export const toggleDialogFilterTags: Handler<'messages.toggleDialogFilterTags'> = async (call, context) => {
  await writeSetting(context, FILTER_TAGS, call.enabled ? Buffer.from([1]) : null)
  return true
}
