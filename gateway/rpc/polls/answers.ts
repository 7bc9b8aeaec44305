import type { PeerId } from '@heliograph/schemas/avro'
import { encodeObject, RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { CallContext, Handler } from '../handler.ts'
import { amend, amendedUpdates, type Change } from '../messages/change/amend.ts'
import type { Content } from '../messages/content.ts'
import { locateOneIn } from '../messages/mailbox/locate.ts'
import { openMailbox } from '../messages/mailbox/open.ts'
import { inputPeerId } from '../peers.ts'
import { peerNumber } from '../render/peer.ts'
import { addedAnswer } from './input.ts'
import type { PollMedia } from './shown.ts'
import { pollOf } from './update.ts'

/** Polls that let others put answers to them (`open_answers`); a message tells of each that comes or goes. */

/**
 * `messages.addPollAnswer`: one more answer.
 * @throws RpcError 400 MESSAGE_ID_INVALID (no poll), POLL_UNSUPPORTED (not open to answers), MESSAGE_POLL_CLOSED, and as
 *   `addedAnswer`
 */
export const addPollAnswer: Handler<'messages.addPollAnswer'> = async (call, context) => {
  const change: Change = (content) => {
    const media = openPollIn(content)
    const answer = addedAnswer(context, media.poll.answers, call.answer)
    const action = { _: 'messageActionPollAppendAnswer', answer } as const
    return { content: withAnswers(content, media, [...media.poll.answers, answer]), action }
  }
  return amendPoll(context, inputPeerId(call.peer, context), call.msgId, 'poll-append', change)
}

/**
 * `messages.deletePollAnswer`: an answer that was put to a poll goes, for whoever put it there and for the poll's author. Votes for
 * it lapse.
 * @throws RpcError 400 POLL_OPTION_INVALID (none that was added), 403 MESSAGE_AUTHOR_REQUIRED, otherwise as `addPollAnswer`
 */
export const deletePollAnswer: Handler<'messages.deletePollAnswer'> = async (call, context) => {
  const peerId = inputPeerId(call.peer, context)
  const find = finder(context, peerId, call.msgId)
  const isAuthor = (await find())?.out === true
  const change: Change = (content) => {
    const media = openPollIn(content)
    const answer = media.poll.answers.find((each) => isOption(each, call.option))
    if (answer?._ !== 'pollAnswer' || answer.addedBy === undefined)
      throw new RpcError(400, 'POLL_OPTION_INVALID')
    if (!isAuthor && peerNumber(answer.addedBy) !== (context.user as number))
      throw new RpcError(403, 'MESSAGE_AUTHOR_REQUIRED')
    const left = media.poll.answers.filter((each) => each !== answer)
    const action = { _: 'messageActionPollDeleteAnswer', answer } as const
    return { content: withAnswers(content, media, left), action }
  }
  return amendPoll(context, peerId, call.msgId, 'poll-delete', change)
}

async function amendPoll(
  context: CallContext,
  peerId: PeerId,
  msgId: number,
  what: 'poll-append' | 'poll-delete',
  change: Change,
): Promise<TlType<'Updates'>> {
  const amended = await amend(context, peerId, finder(context, peerId, msgId), what, change)
  if (amended === undefined) throw new RpcError(400, 'MESSAGE_ID_INVALID')
  return amendedUpdates(context, peerId, amended)
}

const finder = (context: CallContext, peerId: PeerId, msgId: number) => async () =>
  locateOneIn(await openMailbox(context, peerId), msgId)

function openPollIn(content: Content): PollMedia {
  const media = pollOf(content)
  if (media === undefined) throw new RpcError(400, 'MESSAGE_ID_INVALID')
  if (media.poll.openAnswers !== true) throw new RpcError(400, 'POLL_UNSUPPORTED')
  return media
}

const isOption = (answer: TlType<'PollAnswer'>, option: Uint8Array): boolean =>
  answer._ === 'pollAnswer' && Buffer.from(answer.option).equals(option)

function withAnswers(content: Content, media: PollMedia, answers: Tl<'poll'>['answers']): Content {
  const poll = { ...media.poll, answers }
  return { ...content, media: Buffer.from(encodeObject({ ...media, poll })) }
}
