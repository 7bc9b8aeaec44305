import { chatIdOf } from '@heliograph/schemas/avro'
import { encodeObject } from '@heliograph/schemas/tl'
import type { CallContext } from '../handler.ts'
import type { Content } from '../messages/content.ts'
import type { OpenedMessage } from '../messages/mailbox/rendered.ts'
import { pollPlace } from '../reactions/place.ts'
import { newPollId } from './input.ts'
import { pollsAt } from './state.ts'
import { pollOf } from './update.ts'

/** A forwarded poll is a poll of its own, with no votes yet; that of one which is closed is closed. Other contents stay as they are. */
export async function copiedPoll(
  context: CallContext,
  { entry, isPost, row }: OpenedMessage,
  content: Content,
): Promise<Content> {
  const media = pollOf(content)
  if (media === undefined) return content
  const { services, user, now } = context
  const place = pollPlace(
    { chatId: chatIdOf(user, entry.peerId), seq: entry.seq, out: entry.out, isPost },
    row,
  )
  const [state] = await pollsAt(services.tables, user, [place], now)
  const poll = {
    ...media.poll,
    id: newPollId(context),
    ...(state?.closed === true && { closed: true as const }),
  }
  return { ...content, media: Buffer.from(encodeObject({ ...media, poll })) }
}
