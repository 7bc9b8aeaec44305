import type { Arrival } from '../arrival.ts'
import { RPC_ANSWER_DROPPED_RUNNING, RPC_ANSWER_UNKNOWN } from '../constructors.ts'
import { forgetAnswer } from '../kept.ts'
import { bodyBytes } from '../out-message.ts'
import { queueAnswer } from '../outbox.ts'
import { constructorOnly, rpcAnswerDropped } from '../service-bodies.ts'
import type { Session } from '../session.ts'

/** `rpc_drop_answer`: the client wants no answer to an earlier call any more. The call itself is not undone. */
export function receiveDropAnswer({ ctx, session }: Arrival, msgId: bigint, body: Buffer): void {
  if (body.length < 12) return
  queueAnswer(ctx, session, msgId, drop(session, body.readBigInt64LE(4)))
}

function drop(session: Session, reqMsgId: bigint): Buffer {
  const call = session.calls?.get(reqMsgId)
  if (!call) return constructorOnly(RPC_ANSWER_UNKNOWN)
  if (!call.answer) {
    call.dropped = true
    return constructorOnly(RPC_ANSWER_DROPPED_RUNNING)
  }
  const { answer } = call
  forgetAnswer(session, answer)
  return rpcAnswerDropped(answer.msgId, answer.seqNo, bodyBytes(answer))
}
