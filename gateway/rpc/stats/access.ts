import { type MessageSeq, peerIdOfChat } from '@heliograph/schemas/avro'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import { messages, type RowOf } from '@heliograph/storage'
import { isAdmin, type Reached, reachChannel } from '../chats/reach.ts'
import type { CallContext } from '../handler.ts'

/** Whole channels say 403, single messages 400: so the protocol's list of errors has it. */
type Code = 400 | 403

/** A channel whose statistics the caller may see: its administrators may. @throws RpcError CHAT_ADMIN_REQUIRED */
export async function reachStats(
  context: CallContext,
  channel: TlType<'InputChannel'>,
  code: Code = 403,
): Promise<Reached> {
  const reached = await reachChannel(context, channel)
  requireStats(reached, code)
  return reached
}

export function requireStats(reached: Reached, code: Code): void {
  if (!isAdmin(reached)) throw new RpcError(code, 'CHAT_ADMIN_REQUIRED')
}

/** A message of the channel. @throws RpcError 400 MESSAGE_ID_INVALID */
export async function messageIn(
  { services }: CallContext,
  { chatId }: Pick<Reached, 'chatId'>,
  seq: number,
): Promise<RowOf<typeof messages> & { readonly seq: MessageSeq }> {
  const row = seq > 0 ? await services.tables.get(messages, { chatId, seq }) : undefined
  if (row === undefined || row.service === true) throw new RpcError(400, 'MESSAGE_ID_INVALID')
  return { ...row, seq: seq as MessageSeq }
}

export const peerOf = ({ chatId }: Pick<Reached, 'chatId'>) => peerIdOfChat(chatId)
