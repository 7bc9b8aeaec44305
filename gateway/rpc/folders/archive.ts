import type { PeerId, UserId } from '@heliograph/schemas/avro'
import type { CallContext } from '../handler.ts'
import type { Services } from '../services.ts'
import { listSettings, readSetting, writeSetting } from '../settings.ts'

/** Name of the setting that says since when a chat is in the archive; none while it is in the main list. */
export const ARCHIVED_PREFIX = 'archived:'
const DATE_BYTES = 4

export const archivedSetting = (peerId: PeerId): string => `${ARCHIVED_PREFIX}${peerId}`

/** The chats that a user archived, and when (Unix seconds). */
export async function archivedPeers(
  services: Pick<Services, 'tables' | 'keyring'>,
  userId: UserId,
): Promise<Map<PeerId, number>> {
  const stored = await listSettings(services, userId, ARCHIVED_PREFIX)
  return new Map(
    stored.map(({ name, value }) => [
      peerOfSetting(name),
      value.length < DATE_BYTES ? 0 : value.readUInt32LE(),
    ]),
  )
}

export const peerOfSetting = (name: string): PeerId => Number(name.slice(ARCHIVED_PREFIX.length)) as PeerId

/** Puts a chat into the archive, or back into the main list; the user's other sessions are told. */
export function setArchived(context: CallContext, peerId: PeerId, archived: boolean): Promise<void> {
  const value = Buffer.alloc(DATE_BYTES)
  value.writeUInt32LE(context.now)
  return writeSetting(context, archivedSetting(peerId), archived ? value : null)
}

/** Whether a chat is in the archive. */
export async function isArchived(
  services: Pick<Services, 'tables' | 'keyring'>,
  userId: UserId,
  peerId: PeerId,
): Promise<boolean> {
  return (await readSetting(services, userId, archivedSetting(peerId))) !== undefined
}
