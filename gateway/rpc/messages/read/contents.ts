import {
  type ChatId,
  chatIdOf,
  MAX_MENTIONS_PER_COMMAND,
  type MessageSeq,
  type PeerId,
} from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import { unreadMentions } from '@heliograph/storage'
import type { CallContext, Handler } from '../../handler.ts'
import { unaffected } from '../answers.ts'
import { sumOf } from '../change/delete-command.ts'
import { locate } from '../mailbox/locate.ts'

/** What the caller has not seen of these messages of a chat: mentions of it. */
export async function unseenOf(
  { services, user }: Pick<CallContext, 'services' | 'user'>,
  chatId: ChatId,
  seqs: readonly MessageSeq[],
): Promise<MessageSeq[]> {
  const refs = seqs.map((seq) => ({ table: unreadMentions, key: { userId: user, chatId, seq } }))
  const rows = await services.tables.getMany(refs)
  return seqs.filter((_, i) => rows[i] !== undefined)
}

/** `messages.readMessageContents`: the caller has seen what is in these messages of its mailbox. */
export const readMessageContents: Handler<'messages.readMessageContents'> = async (call, context) => {
  if (call.id.length > MAX_MENTIONS_PER_COMMAND) throw new RpcError(400, 'MESSAGE_ID_INVALID')
  const { services, user, caller } = context
  const byPeer = new Map<PeerId, MessageSeq[]>()
  for (const entry of await locate(services.tables, user, [...new Set(call.id)])) {
    // Only groups have members to mention.
    if (entry === undefined || entry.peerId > 0) continue
    byPeer.set(entry.peerId, [...(byPeer.get(entry.peerId) ?? []), entry.seq])
  }
  const affected = []
  for (const [peerId, seqs] of byPeer) {
    const chatId = chatIdOf(user, peerId)
    const unseen = await unseenOf(context, chatId, seqs)
    if (unseen.length === 0) continue
    const command = { type: 'ReadMentions', chatId, userId: user, seqs: unseen } as const
    const { mailbox } = await services.commands.ask('chat.commands', chatId, command, caller)
    if (mailbox !== null) affected.push(mailbox)
  }
  const sum = sumOf(affected)
  return sum === undefined ? unaffected(context) : { _: 'messages.affectedMessages', ...sum }
}
