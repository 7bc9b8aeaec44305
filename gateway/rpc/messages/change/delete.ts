import type { MessageSeq, PeerId } from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import type { Handler } from '../../handler.ts'
import { unaffected } from '../answers.ts'
import { locate } from '../mailbox/locate.ts'
import { type Affected, deleteSeqs, sumOf } from './delete-command.ts'

const MAX_DELETED_IDS = 1000

/** `messages.deleteMessages`: by the caller's ids, of any chats; unknown ids are no error. */
export const deleteMessages: Handler<'messages.deleteMessages'> = async (call, context) => {
  if (call.id.length > MAX_DELETED_IDS) throw new RpcError(400, 'MESSAGE_ID_INVALID')
  const ids = [...new Set(call.id)].sort((a, b) => a - b)
  const byPeer = new Map<PeerId, MessageSeq[]>()
  for (const entry of await locate(context.services.tables, context.user, ids)) {
    if (entry === undefined) continue
    const seqs = byPeer.get(entry.peerId)
    if (seqs === undefined) byPeer.set(entry.peerId, [entry.seq])
    else seqs.push(entry.seq)
  }
  const affected: Affected[] = []
  for (const [peerId, seqs] of byPeer) {
    const done = await deleteSeqs(context, peerId, seqs, call.revoke === true)
    if (done !== undefined) affected.push(done)
  }
  const sum = sumOf(affected)
  return sum === undefined ? unaffected(context) : { _: 'messages.affectedMessages', ...sum }
}
