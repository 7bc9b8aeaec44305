import type { Tl } from '@heliograph/schemas/tl'
import { isMutedBy, notifyScopes } from '../../account/notify.ts'
import { stayArchived } from '../../folders/leave-archive.ts'
import type { CallContext } from '../../handler.ts'
import { renderPeer } from '../../render/peer.ts'
import { countsOf } from './channels.ts'
import { ARCHIVE_FOLDER, MAIN_FOLDER } from './dialog-peer.ts'
import { orderDialogs } from './list.ts'
import type { Dialog, DialogStates } from './state.ts'

interface Ordered {
  readonly pinned: Dialog[]
  readonly others: Dialog[]
}

/** The two lists of chats of a user, each in its order. */
export interface Folders {
  readonly main: Ordered
  readonly archive: Ordered
  /** As given, without what has just left the archive. */
  readonly states: DialogStates
}

/** Archived chats whose unread messages are counted for the archive's entry. */
const MAX_COUNTED = 100

export async function foldersOf(
  context: CallContext,
  all: readonly Dialog[],
  given: DialogStates,
): Promise<Folders> {
  const staying = given.archived.size === 0 ? new Set() : await stayArchived(context, all, given)
  const archived = new Map([...given.archived].filter(([peerId]) => staying.has(peerId)))
  const states = { ...given, archived }
  const [inside, outside] = [true, false].map((is) => all.filter(({ peerId }) => archived.has(peerId) === is))
  return {
    main: orderDialogs(outside!, states),
    archive: orderDialogs(inside!, states, states.pinnedInArchive),
    states,
  }
}

/** The chats of one folder, or of both together where none is named. */
export function listOf({ main, archive, states }: Folders, folder: number | undefined): Ordered {
  if (folder === MAIN_FOLDER) return main
  if (folder === ARCHIVE_FOLDER) return archive
  if (archive.pinned.length === 0 && archive.others.length === 0) return main
  const all = [...main.others, ...archive.others, ...archive.pinned]
  return { pinned: main.pinned, others: orderDialogs(all, states, []).others }
}

/** The archive's chats, the newest message first, for the entry that stands for it in the main list. */
export function archiveHead({ archive, states }: Folders): readonly Dialog[] {
  return orderDialogs([...archive.pinned, ...archive.others], states, []).others
}

/** The entry that stands for the archive in the main list: its newest message, and how much is unread in it. */
export async function renderArchive(
  context: CallContext,
  { notify }: DialogStates,
  archive: readonly Dialog[],
): Promise<Tl<'dialogFolder'>> {
  const counted = archive.slice(0, MAX_COUNTED)
  const [counts, scopes] = await Promise.all([
    Promise.all(counted.map((dialog) => countsOf(context, dialog))),
    notifyScopes(context.services, context.user),
  ])
  const chats = { muted: 0, unmuted: 0 }
  const messages = { muted: 0, unmuted: 0 }
  for (const [i, { peerId, channel }] of counted.entries()) {
    const { unread } = counts[i]!
    const scope = scopes(peerId, channel?.mailbox.facts.kind === 'broadcast')
    const kind = isMutedBy(notify(peerId), scope, context.now) ? 'muted' : 'unmuted'
    if (unread > 0) chats[kind] += 1
    messages[kind] += unread
  }
  const [{ peerId, top }] = counted as [Dialog]
  return {
    _: 'dialogFolder',
    pinned: true,
    folder: { _: 'folder', id: ARCHIVE_FOLDER, title: 'Archived Chats' },
    peer: renderPeer(peerId),
    topMessage: top?.msgId ?? 0,
    unreadMutedPeersCount: chats.muted,
    unreadUnmutedPeersCount: chats.unmuted,
    unreadMutedMessagesCount: messages.muted,
    unreadUnmutedMessagesCount: messages.unmuted,
  }
}
