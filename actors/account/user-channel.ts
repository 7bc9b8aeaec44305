import type { AccountUpdate, PeerId, RecordHeader, UserId } from '@heliograph/schemas/avro'
import { userChannel } from '@heliograph/storage'
import { answer } from '../answer.ts'
import type { Publication, Reaction } from '../runtime/decider.ts'

export type AccountUpdateKind =
  | 'channel-read'
  | 'scheduled'
  | 'chat'
  | 'draft'
  | 'contacts'
  | 'blocked'
  | 'setting'
  | 'user'

const NO_SESSION = Buffer.alloc(0)

/** The bare yes to whoever asked, if anybody did. */
export function answered({ reply }: RecordHeader): Reaction[] {
  return reply === null ? [] : [answer(reply)]
}

/** Tells the user's other sessions that something of the account changed: they read it again. */
export function accountUpdate(
  userId: UserId,
  kind: AccountUpdateKind,
  header: RecordHeader,
  about: { readonly peerId?: PeerId; readonly name?: string } = {},
): Publication {
  const record: AccountUpdate = {
    type: 'AccountUpdate',
    userId,
    kind,
    peerId: about.peerId ?? (0 as PeerId),
    name: about.name ?? '',
    origin: header.reply?.session ?? NO_SESSION,
  }
  return { kind: 'publication', channel: userChannel(userId), record }
}
