import { type ChatId, chatIdOf, isChannelPeer, type PeerId, type UserId } from '@heliograph/schemas/avro'
import type { Tl, TlType } from '@heliograph/schemas/tl'
import { type DataKey, dialogs, userScope } from '@heliograph/storage'
import { notifySettingsByPeer } from '../../account/notify.ts'
import { archivedPeers } from '../../folders/archive.ts'
import type { CallContext } from '../../handler.ts'
import { unreadByChat } from '../../reactions/unread.ts'
import type { Draft } from '../../render/message.ts'
import { renderPeer } from '../../render/peer.ts'
import { forumsAsMessages } from '../../topics/view-as-messages.ts'
import { type DraftRow, draftsOf, renderDraft } from '../drafts.ts'
import type { DialogRow } from '../mailbox/history.ts'
import { type HistoryEntry, liveEntries } from '../mailbox/history.ts'
import { locateTops } from '../mailbox/locate.ts'
import { type ChannelDialog, type Counts, channelDialogs, memberChannels } from './channels.ts'
import { ARCHIVE_FOLDER } from './dialog-peer.ts'
import { pinnedPeers } from './pinned.ts'
import { unreadMarks } from './unread-marks.ts'

/** Dialogs of one user that are looked at. */
export const MAX_DIALOGS = 5000

/** One chat in the caller's list; `row` is undefined for a chat in which nothing was written yet. */
export interface Dialog {
  readonly peerId: PeerId
  readonly row: DialogRow | undefined
  /** The last message that is not deleted. */
  readonly top: HistoryEntry | undefined
  /** Of channels, which have no row in the mailbox. */
  readonly channel?: ChannelDialog
}

/** What besides messages makes up the list of dialogs of one user. */
export interface DialogStates {
  readonly pinned: readonly PeerId[]
  readonly pinnedInArchive: readonly PeerId[]
  /** Since when chats are archived, Unix seconds. */
  readonly archived: ReadonlyMap<PeerId, number>
  readonly marks: ReadonlySet<PeerId>
  /** Forums that the user looks at as one list of messages. */
  readonly asMessages: ReadonlySet<PeerId>
  readonly drafts: ReadonlyMap<PeerId, DraftRow>
  /** Messages of the user with reactions, or votes, that it has not seen. */
  readonly unreadReactions: ReadonlyMap<ChatId, number>
  readonly unreadVotes: ReadonlyMap<ChatId, number>
  readonly notify: (peerId: PeerId) => Tl<'peerNotifySettings'>
  readonly key: DataKey | undefined
}

export async function dialogStates({ services, user }: CallContext): Promise<DialogStates> {
  const [
    pinned,
    pinnedInArchive,
    archived,
    marks,
    asMessages,
    drafts,
    notify,
    key,
    unreadReactions,
    unreadVotes,
  ] = await Promise.all([
    pinnedPeers(services, user),
    pinnedPeers(services, user, ARCHIVE_FOLDER),
    archivedPeers(services, user),
    unreadMarks(services, user),
    forumsAsMessages(services, user),
    draftsOf(services, user),
    notifySettingsByPeer(services, user),
    services.keyring.find(userScope(user)),
    unreadByChat({ services, user }, 'reactions'),
    unreadByChat({ services, user }, 'votes'),
  ])
  return {
    pinned,
    pinnedInArchive,
    archived,
    marks: new Set(marks),
    asMessages,
    drafts: new Map(drafts.map((row) => [row.peerId as PeerId, row])),
    unreadReactions,
    unreadVotes,
    notify,
    key,
  }
}

/** All chats of a user in which anything was ever written, and the channels that it is in, in no particular order. */
export async function allDialogs(context: CallContext): Promise<Dialog[]> {
  const { services, user } = context
  const [rows, channels] = await Promise.all([
    services.tables.range(dialogs, { userId: user }, { limit: MAX_DIALOGS }),
    memberChannels(context),
  ])
  const [own, ofChannels] = await Promise.all([
    withTops(services, user, rows),
    channelDialogs(context, channels),
  ])
  return own.concat(ofChannels)
}

/** The chats with these peers, in order. */
export async function dialogsWith(context: CallContext, peers: readonly PeerId[]): Promise<Dialog[]> {
  const channels = await channelDialogs(context, peers.filter(isChannelPeer))
  const others = await mailboxDialogs(
    context,
    peers.filter((peerId) => !isChannelPeer(peerId)),
  )
  const byPeer = new Map([...channels, ...others].map((dialog) => [dialog.peerId, dialog]))
  return peers.map((peerId) => byPeer.get(peerId)!)
}

async function mailboxDialogs({ services, user }: CallContext, peers: readonly PeerId[]): Promise<Dialog[]> {
  const refs = peers.map((peerId) => ({ table: dialogs, key: { userId: user, peerId } }))
  const rows = (await services.tables.getMany(refs)) as (DialogRow | undefined)[]
  const known = await withTops(
    services,
    user,
    rows.filter((row) => row !== undefined),
  )
  const byPeer = new Map(known.map((dialog) => [dialog.peerId, dialog]))
  return peers.map((peerId) => byPeer.get(peerId) ?? { peerId, row: undefined, top: undefined })
}

async function withTops(
  { tables }: CallContext['services'],
  userId: UserId,
  rows: readonly DialogRow[],
): Promise<Dialog[]> {
  const tops = await locateTops(tables, userId, rows)
  return Promise.all(
    rows.map(async (row, index) => {
      const peerId = row.peerId as PeerId
      const last = tops[index]
      if (row.messageCount === 0) return { peerId, row, top: undefined }
      const top = last?.deleted === true ? await lastLive({ tables, userId, peerId }, last.seq) : last
      return { peerId, row, top }
    }),
  )
}

async function lastLive(
  mailbox: Parameters<typeof liveEntries>[0],
  below: number,
): Promise<HistoryEntry | undefined> {
  const [entry] = await liveEntries(mailbox, { from: 1, to: below - 1, descending: true }, 0, 1)
  return entry
}

/** A dialog as TL value of the newest layer; `counts` are what is unread. */
export function renderDialog(
  { services, user }: CallContext,
  states: DialogStates,
  { peerId, row, top, channel }: Dialog,
  counts: Counts,
): TlType<'Dialog'> {
  const chatId = chatIdOf(user, peerId)
  const dialog: Draft<Tl<'dialog'>> = {
    _: 'dialog',
    peer: renderPeer(peerId),
    topMessage: top?.msgId ?? 0,
    readInboxMaxId: channel === undefined ? (row?.readInMaxId ?? 0) : readInOf(channel),
    readOutboxMaxId: channel?.readOutSeq ?? row?.readOutMaxId ?? 0,
    unreadCount: counts.unread,
    unreadMentionsCount: counts.mentions,
    unreadReactionsCount: states.unreadReactions.get(chatId) ?? 0,
    unreadPollVotesCount: states.unreadVotes.get(chatId) ?? 0,
    notifySettings: states.notify(peerId),
  }
  const isArchived = states.archived.has(peerId)
  if (isArchived) dialog.folderId = ARCHIVE_FOLDER
  if ((isArchived ? states.pinnedInArchive : states.pinned).includes(peerId)) dialog.pinned = true
  if (states.marks.has(peerId)) dialog.unreadMark = true
  if (states.asMessages.has(peerId)) dialog.viewForumAsMessages = true
  const draftRow = states.drafts.get(peerId)
  const draft = draftRow && renderDraft(services, user, states.key, draftRow)
  if (draft !== undefined) dialog.draft = draft
  if (channel !== undefined) dialog.pts = channel.pts
  const ttlSeconds = channel?.mailbox.facts.ttlSeconds ?? 0
  if (ttlSeconds > 0) dialog.ttlPeriod = ttlSeconds
  return dialog
}

/** What is hidden from a user counts as read. */
const readInOf = ({ mailbox, topSeq }: ChannelDialog): number =>
  Math.min(topSeq, Math.max(mailbox.readSeq, mailbox.floorSeq))
