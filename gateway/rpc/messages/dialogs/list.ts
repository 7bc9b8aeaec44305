import type { PeerId } from '@heliograph/schemas/avro'
import { joinedAt } from './channels.ts'
import type { Dialog, DialogStates } from './state.ts'

export const MAX_DIALOG_PAGE = 100

/** Where the next page of the list begins (core.telegram.org/api/offsets): after the dialog with this top message. */
export interface DialogOffset {
  readonly date: number
  readonly id: number
  readonly peerId: PeerId | undefined
}

/**
 * A list of the caller's in its order: pinned chats first, in the user's order, then by top message, the newest first. A chat
 * whose messages are all deleted shows only while it is pinned or has a draft.
 */
export function orderDialogs(
  all: readonly Dialog[],
  states: DialogStates,
  pinnedPeers: readonly PeerId[] = states.pinned,
): { pinned: Dialog[]; others: Dialog[] } {
  const rank = new Map(pinnedPeers.map((peerId, index) => [peerId, index]))
  const pinned = all.filter(({ peerId }) => rank.has(peerId))
  const others = all.filter(
    ({ peerId, top, channel }) =>
      !rank.has(peerId) && (top !== undefined || states.drafts.has(peerId) || channel !== undefined),
  )
  return {
    pinned: pinned.sort((a, b) => rank.get(a.peerId)! - rank.get(b.peerId)!),
    others: others.sort(byTopMessage(states)),
  }
}

const topDate = (dialog: Dialog, states: DialogStates): number =>
  dialog.top?.date ?? states.drafts.get(dialog.peerId)?.date ?? joinedAt(dialog)
const topId = ({ top }: Dialog): number => top?.msgId ?? 0

const byTopMessage =
  (states: DialogStates) =>
  (a: Dialog, b: Dialog): number =>
    topDate(b, states) - topDate(a, states) || topId(b) - topId(a) || b.peerId - a.peerId

/**
 * The dialogs after an offset. The dialog that the offset names is looked for first; where it has moved since, those with
 * an older date or, at the same date, a lower id follow.
 */
export function afterOffset(
  dialogs: readonly Dialog[],
  states: DialogStates,
  offset: DialogOffset,
): Dialog[] {
  if (offset.date <= 0 && offset.id <= 0 && offset.peerId === undefined) return [...dialogs]
  const at = dialogs.findIndex(
    (dialog) => dialog.peerId === offset.peerId && (offset.id <= 0 || topId(dialog) === offset.id),
  )
  if (at >= 0) return dialogs.slice(at + 1)
  return dialogs.filter((dialog) => {
    const date = topDate(dialog, states)
    if (offset.date > 0 && date !== offset.date) return date < offset.date
    return offset.id <= 0 || topId(dialog) < offset.id
  })
}
