import type { UserId } from '@heliograph/schemas/avro'
import type { TlType } from '@heliograph/schemas/tl'
import { mailboxCounters } from '@heliograph/storage'
import { ARCHIVE_FOLDER, MAIN_FOLDER } from '../messages/dialogs/dialog-peer.ts'
import type { Services } from '../services.ts'
import { ARCHIVED_PREFIX, isArchived, peerOfSetting } from './archive.ts'
import { folderPeersUpdate } from './edit.ts'
import { FILTER_ORDER, FILTER_PREFIX, FILTER_TAGS, filterOf, filterOrder } from './filters.ts'

/** What a user's other sessions are told of folders, by the name of the setting that changed; undefined for other settings. */
export async function folderUpdate(
  services: Pick<Services, 'tables' | 'keyring'>,
  userId: UserId,
  name: string,
): Promise<TlType<'Update'> | undefined> {
  if (name.startsWith(ARCHIVED_PREFIX)) {
    const peerId = peerOfSetting(name)
    const folder = (await isArchived(services, userId, peerId)) ? ARCHIVE_FOLDER : MAIN_FOLDER
    const counters = await services.tables.get(mailboxCounters, { userId })
    return folderPeersUpdate([[peerId, folder]], counters?.pts ?? 1)
  }
  if (name.startsWith(FILTER_PREFIX)) {
    const id = Number(name.slice(FILTER_PREFIX.length))
    const filter = await filterOf(services, userId, id)
    return filter === undefined ? { _: 'updateDialogFilter', id } : { _: 'updateDialogFilter', id, filter }
  }
  if (name === FILTER_ORDER) {
    return { _: 'updateDialogFilterOrder', order: await filterOrder(services, userId) }
  }
  return name === FILTER_TAGS ? { _: 'updateDialogFilters' } : undefined
}

export const isFolderSetting = (name: string): boolean =>
  name.startsWith(ARCHIVED_PREFIX) || name.startsWith('dialog-filter')
