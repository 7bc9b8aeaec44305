import { RpcError, type TlType } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../../handler.ts'
import { namedIn } from '../answers.ts'
import type { HistoryEntry } from '../mailbox/history.ts'
import { locate } from '../mailbox/locate.ts'
import { renderEntries } from '../mailbox/rendered.ts'

const MAX_IDS = 200

/** `messages.getMessages`: by the caller's own ids, of any chats; `messageEmpty` for what is not there. */
export const getMessages: Handler<'messages.getMessages'> = async (call, context) => {
  if (call.id.length > MAX_IDS) throw new RpcError(400, 'MSG_ID_INVALID')
  const entries = await wanted(context, call.id)
  const found = entries.filter((entry) => entry !== undefined)
  const rendered = await renderEntries(context.services, context.user, found)
  let next = 0
  const messages = entries.map(
    (entry, index): TlType<'Message'> =>
      entry === undefined ? { _: 'messageEmpty', id: idOf(call.id[index]!) } : rendered[next++]!,
  )
  return { _: 'messages.messages', messages, topics: [], ...(await namedIn(context, rendered)) }
}

const idOf = (input: TlType<'InputMessage'>): number => ('id' in input ? input.id : 0)

/** Messages by id, or the ones that they answer. */
async function wanted(
  { services, user }: CallContext,
  inputs: readonly TlType<'InputMessage'>[],
): Promise<(HistoryEntry | undefined)[]> {
  const named = await locate(services.tables, user, inputs.map(idOf))
  const answered = inputs.map((input, index) =>
    input._ === 'inputMessageReplyTo' ? (named[index]?.replyToMsgId ?? 0) : 0,
  )
  if (answered.every((id) => id === 0))
    return named.map((entry, i) => (isById(inputs[i]!) ? entry : undefined))
  const targets = await locate(services.tables, user, answered)
  return named.map((entry, index) => (isById(inputs[index]!) ? entry : targets[index]))
}

const isById = (input: TlType<'InputMessage'>): boolean => input._ === 'inputMessageID'
