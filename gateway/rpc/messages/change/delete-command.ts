import {
  chatIdOf,
  isChannelPeer,
  MAX_DELETED_PER_COMMAND,
  type MessageSeq,
  type PeerId,
} from '@heliograph/schemas/avro'
import { deletionLog } from '../../chats/message-log.ts'
import type { CallContext } from '../../handler.ts'

/** pts after the last of several commands, and by how much they moved it together. */
export interface Affected {
  readonly pts: number
  readonly ptsCount: number
}

/**
 * Deletes messages of one chat, for both sides or for the caller alone. Resolves to what that did to the caller's mailbox, or
 * to the channel; undefined where nothing was left to delete.
 */
export async function deleteSeqs(
  context: CallContext,
  peerId: PeerId,
  seqs: readonly MessageSeq[],
  forAll: boolean,
): Promise<Affected | undefined> {
  const { user, services, caller } = context
  const chatId = chatIdOf(user, peerId)
  const replies = []
  for (let at = 0; at < seqs.length; at += MAX_DELETED_PER_COMMAND) {
    const part = seqs.slice(at, at + MAX_DELETED_PER_COMMAND)
    const log = forAll && isChannelPeer(peerId) ? await deletionLog(context, peerId, part) : null
    const command = { type: 'DeleteMessages', chatId, userId: user, seqs: part, forAll, log } as const
    replies.push(services.commands.ask('chat.commands', chatId, command, caller))
  }
  const answers = await Promise.all(replies)
  return sumOf(answers.flatMap(({ mailbox, channel }) => mailbox ?? channel ?? []))
}

/** Several changes as one. */
export function sumOf(parts: readonly Affected[]): Affected | undefined {
  if (parts.length === 0) return undefined
  return {
    pts: Math.max(...parts.map((part) => part.pts)),
    ptsCount: parts.reduce((sum, part) => sum + part.ptsCount, 0),
  }
}
