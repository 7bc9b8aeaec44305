import type { PeerId } from '@heliograph/schemas/avro'
import { isMutedBy, notifyScopes } from '../account/notify.ts'
import type { CallContext } from '../handler.ts'
import type { Dialog, DialogStates } from '../messages/dialogs/state.ts'
import { readPrivacy } from '../privacy/change.ts'
import { setArchived } from './archive.ts'
import { filtersOf } from './filters.ts'
import { peersNamedBy } from './named-by.ts'

/**
 * Brings chats back into the main list that have got a message since they were archived and are not muted, as the account's global
 * privacy settings want it (core.telegram.org/api/folders#peer-folders). Looked at when dialogs are read, since nobody reads the
 * settings of a user for whom a message is stored.
 * @returns the peers that stay in the archive
 */
export async function stayArchived(
  context: CallContext,
  all: readonly Dialog[],
  states: DialogStates,
): Promise<ReadonlySet<PeerId>> {
  const archived = new Set(states.archived.keys())
  const stirred = all.filter((dialog) => hasNews(dialog, states))
  if (stirred.length === 0) return archived
  const returning = await notKept(context, stirred, states)
  for (const peerId of returning) archived.delete(peerId)
  await Promise.all(returning.map((peerId) => setArchived(context, peerId, false)))
  return archived
}

function hasNews({ peerId, top }: Dialog, { archived }: DialogStates): boolean {
  const since = archived.get(peerId)
  return since !== undefined && top !== undefined && !top.out && top.date > since
}

async function notKept(
  context: CallContext,
  stirred: readonly Dialog[],
  { notify }: DialogStates,
): Promise<PeerId[]> {
  const { services, user, now } = context
  const { global } = await readPrivacy(services, user)
  if (global.keepArchivedUnmuted === true) return []
  const [scopes, kept] = await Promise.all([
    notifyScopes(services, user),
    global.keepArchivedFolders === true ? filtersOf(services, user) : [],
  ])
  const inFolders = peersNamedBy(kept, user)
  return stirred
    .filter(({ peerId, channel }) => {
      const scope = scopes(peerId, channel?.mailbox.facts.kind === 'broadcast')
      return !isMutedBy(notify(peerId), scope, now) && !inFolders.has(peerId)
    })
    .map(({ peerId }) => peerId)
}
