import type { Arrival } from './arrival.ts'
import { SEQ_NO_MUST_BE_ODD } from './checks.ts'
import * as id from './constructors.ts'
import { queueService } from './outbox.ts'
import { receiveCall } from './rpc.ts'
import { receiveAcks } from './service/acks.ts'
import { receiveDestroyAuthKey } from './service/destroy-auth-key.ts'
import { receiveDestroySession } from './service/destroy-session.ts'
import { receiveDropAnswer } from './service/drop-answer.ts'
import { receiveGetFutureSalts } from './service/future-salts.ts'
import { receiveHttpWait } from './service/http-wait.ts'
import { receivePing, receivePingDelayDisconnect } from './service/ping.ts'
import { receiveResendRequest } from './service/resend.ts'
import { receiveStateRequest } from './service/state.ts'
import { badMsgNotification } from './service-bodies.ts'
import { unpack } from './unpack.ts'

/** Gives one accepted message to whoever handles it: by its constructor, or as an API call. */
export function route(arrival: Arrival, msgId: bigint, seqNo: number, body: Buffer): void {
  const message = unpack(arrival, body)
  if (!message) return receiveCall(arrival, msgId, undefined)
  switch (message.readUInt32LE(0)) {
    // Some clients number acknowledgements and pings as if they were content-related; that is let pass.
    case id.MSGS_ACK:
      return receiveAcks(arrival, message)
    case id.PING:
      return receivePing(arrival, msgId, message)
    case id.PING_DELAY_DISCONNECT:
      return receivePingDelayDisconnect(arrival, msgId, message)
    case id.HTTP_WAIT:
      return receiveHttpWait(arrival, message)
    case id.GET_FUTURE_SALTS:
      return receiveGetFutureSalts(arrival, msgId, message)
    case id.MSGS_STATE_REQ:
      return receiveStateRequest(arrival, msgId, message)
    case id.MSG_RESEND_REQ:
      return receiveResendRequest(arrival, msgId, message)
    case id.RPC_DROP_ANSWER:
      return receiveDropAnswer(arrival, msgId, message)
    case id.DESTROY_SESSION:
      return receiveDestroySession(arrival, message)
    case id.DESTROY_AUTH_KEY:
      return receiveDestroyAuthKey(arrival)
    // What a client may tell us and needs nothing done; a container cannot be inside a message.
    case id.MSGS_STATE_INFO:
    case id.MSGS_ALL_INFO:
    case id.MSG_DETAILED_INFO:
    case id.MSG_NEW_DETAILED_INFO:
    case id.BAD_MSG_NOTIFICATION:
    case id.MSG_COPY:
    case id.MSG_CONTAINER:
      return
    default:
      if ((seqNo & 1) === 1) return receiveCall(arrival, msgId, message)
      queueService(arrival.ctx, arrival.session, badMsgNotification(msgId, seqNo, SEQ_NO_MUST_BE_ODD))
  }
}
