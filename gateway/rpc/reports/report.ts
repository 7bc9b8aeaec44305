import { chatIdOf } from '@heliograph/schemas/avro'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import { messageReactors } from '@heliograph/storage'
import type { CallContext, Handler } from '../handler.ts'
import { locateIn, locateOneIn } from '../messages/mailbox/locate.ts'
import { openMailbox } from '../messages/mailbox/open.ts'
import { inputPeerId } from '../peers.ts'
import { hideBar } from './bar.ts'

/** Reports reach whoever runs the server by its log, without names or texts: what was reported stays with the chats. */
function tell({ services }: CallContext, method: string, reason: string): void {
  services.log.info({ method, reason }, 'something was reported')
}

/** Messages that one report names. */
const MAX_REPORTED = 100

const OPTIONS = [
  ['spam', 'Scam or spam'],
  ['violence', 'Violence'],
  ['childAbuse', 'Child abuse'],
  ['illegal', 'Illegal goods or services'],
  ['personal', 'Personal data'],
  ['copyright', 'Copyright'],
  ['other', 'Other'],
] as const
const NEEDS_COMMENT: ReadonlySet<string> = new Set(['other'])

/**
 * `messages.report`, step by step: without an option the reasons that there are, then a comment where one is needed
 * (core.telegram.org/api/report).
 * @throws RpcError 400 OPTION_INVALID, MESSAGE_REQUIRED, and those of chats that the caller may not read
 */
export const report: Handler<'messages.report'> = async (call, context) => {
  const peerId = inputPeerId(call.peer, context)
  if (call.id.length > MAX_REPORTED) throw new RpcError(400, 'OPTION_INVALID')
  const found = await locateIn(await openMailbox(context, peerId), call.id)
  if (call.id.length > 0 && found.every((entry) => entry === undefined))
    throw new RpcError(400, 'MESSAGE_REQUIRED')
  if (call.option.length === 0) return choices()
  const option = OPTIONS.find(([name]) => name === Buffer.from(call.option).toString())
  if (option === undefined) throw new RpcError(400, 'OPTION_INVALID')
  const [name] = option
  if (NEEDS_COMMENT.has(name) && call.message.trim() === '')
    return { _: 'reportResultAddComment', option: call.option }
  tell(context, 'messages.report', name)
  return { _: 'reportResultReported' }
}

function choices(): TlType<'ReportResult'> {
  const options = OPTIONS.map(
    ([name, text]) => ({ _: 'messageReportOption', text, option: Buffer.from(name) }) as const,
  )
  return { _: 'reportResultChooseOption', title: 'Report', options }
}

/** `messages.reportSpam`: the offer to do so is put away. */
export const reportSpam: Handler<'messages.reportSpam'> = async (call, context) => {
  const peerId = inputPeerId(call.peer, context)
  await openMailbox(context, peerId)
  tell(context, 'messages.reportSpam', 'spam')
  await hideBar(context, peerId)
  return true
}

const reasonOf = ({ _ }: TlType<'ReportReason'>): string => _.slice('inputReportReason'.length)

export const reportPeer: Handler<'account.reportPeer'> = async (call, context) => {
  await openMailbox(context, inputPeerId(call.peer, context))
  tell(context, 'account.reportPeer', reasonOf(call.reason))
  return true
}

export const reportProfilePhoto: Handler<'account.reportProfilePhoto'> = async (call, context) => {
  inputPeerId(call.peer, context)
  tell(context, 'account.reportProfilePhoto', reasonOf(call.reason))
  return true
}

/**
 * `messages.reportReaction`: what somebody said to a message by a reaction.
 * @throws RpcError 400 MSG_ID_INVALID, USER_ID_INVALID (no reaction of that user's is there to be seen), PEER_ID_INVALID
 */
export const reportReaction: Handler<'messages.reportReaction'> = async (call, context) => {
  const peerId = inputPeerId(call.peer, context)
  const reactorId = inputPeerId(call.reactionPeer, context)
  const mailbox = await openMailbox(context, peerId)
  const entry = await locateOneIn(mailbox, call.id)
  if (entry === undefined) throw new RpcError(400, 'MSG_ID_INVALID')
  // Nobody is told who has reacted to a post.
  if ('facts' in mailbox && mailbox.facts.kind === 'broadcast') throw new RpcError(400, 'USER_ID_INVALID')
  const key = { chatId: chatIdOf(context.user, peerId), seq: entry.seq, userId: reactorId }
  if ((await context.services.tables.get(messageReactors, key)) === undefined)
    throw new RpcError(400, 'USER_ID_INVALID')
  tell(context, 'messages.reportReaction', 'reaction')
  return true
}
