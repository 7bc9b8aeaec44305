import { chatIdOf } from '@heliograph/schemas/avro'
import { encodeObject, RpcError, type TlType } from '@heliograph/schemas/tl'
import type { CallContext } from '../handler.ts'
import type { Content } from '../messages/content.ts'
import type { OpenedMessage } from '../messages/mailbox/rendered.ts'
import { pollPlace } from '../reactions/place.ts'
import { newPollId } from './input.ts'
import { type PollState, pollsAt } from './state.ts'
import { pollOf } from './update.ts'

/**
 * A forwarded poll is a poll of its own, with no votes yet; that of one which is closed is closed. Other contents stay as they are. A quiz
 * whose author is hidden has been answered before: 400 QUIZ_ANSWER_MISSING.
 */
export async function copiedPoll(
  context: CallContext,
  { entry, isPost, row }: OpenedMessage,
  content: Content,
  hidesAuthor: boolean,
): Promise<Content> {
  const media = pollOf(content)
  if (media === undefined) return content
  const { services, user, now } = context
  const place = pollPlace(
    { chatId: chatIdOf(user, entry.peerId), seq: entry.seq, out: entry.out, isPost },
    row,
  )
  const [state] = await pollsAt(services.tables, user, [place], now)
  if (hidesAuthor && !entry.out && media.poll.quiz === true && !isAnswered(state))
    throw new RpcError(400, 'QUIZ_ANSWER_MISSING')
  const poll = {
    ...media.poll,
    id: newPollId(context),
    answers: media.poll.answers.map(unsigned),
    ...(media.poll.closePeriod !== undefined && { closeDate: now + media.poll.closePeriod }),
    ...(state?.closed === true && { closed: true as const }),
  }
  return { ...content, media: Buffer.from(encodeObject({ ...media, poll })) }
}

/** In the copy nobody has put an answer to the poll of another. */
function unsigned(answer: TlType<'PollAnswer'>): TlType<'PollAnswer'> {
  if (answer._ !== 'pollAnswer') return answer
  const { addedBy: _, date: __, ...kept } = answer
  return kept
}

const isAnswered = (state: PollState | undefined): boolean =>
  state?.closed === true || (state?.own ?? []).length > 0
