import type { Reply, ReplyAddress } from '@heliograph/schemas/avro'
import type { Answer } from './runtime/decider.ts'

type Body = Partial<Pick<Reply, 'mailbox' | 'channel' | 'userId'>>

/** The answer to the waiting call at `to`; a bare yes without a body. */
export function answer(to: ReplyAddress, body: Body = {}): Answer {
  const record: Reply = {
    type: 'Reply',
    request: to.request,
    error: null,
    mailbox: body.mailbox ?? null,
    channel: body.channel ?? null,
    userId: body.userId ?? null,
  }
  return { kind: 'answer', to, record }
}
