/** Serialised service messages (core.telegram.org/mtproto/service_messages), written by hand because they are small and frequent. */
import {
  BAD_MSG_NOTIFICATION,
  BAD_SERVER_SALT,
  FUTURE_SALTS,
  MSG_DETAILED_INFO,
  MSGS_ACK,
  MSGS_STATE_INFO,
  NEW_SESSION_CREATED,
  PONG,
  RPC_ANSWER_DROPPED,
  RPC_ERROR,
  VECTOR,
} from './constructors.ts'
import type { FutureSalt } from './salts.ts'
import { tlBytes } from './tl-bytes.ts'

export function constructorOnly(id: number): Buffer {
  const body = Buffer.allocUnsafe(4)
  body.writeUInt32LE(id)
  return body
}

export function pong(msgId: bigint, pingId: bigint): Buffer {
  return longs(PONG, msgId, pingId)
}

export function newSessionCreated(firstMsgId: bigint, uniqueId: bigint, salt: bigint): Buffer {
  return longs(NEW_SESSION_CREATED, firstMsgId, uniqueId, salt)
}

/** `destroy_session_ok` or `destroy_session_none`. */
export function destroySessionResult(constructorId: number, sessionId: bigint): Buffer {
  return longs(constructorId, sessionId)
}

export function msgsAck(msgIds: readonly bigint[]): Buffer {
  const body = Buffer.allocUnsafe(12 + 8 * msgIds.length)
  body.writeUInt32LE(MSGS_ACK, 0)
  body.writeUInt32LE(VECTOR, 4)
  body.writeUInt32LE(msgIds.length, 8)
  for (let i = 0; i < msgIds.length; i++) body.writeBigInt64LE(msgIds[i]!, 12 + 8 * i)
  return body
}

export function badMsgNotification(msgId: bigint, seqNo: number, code: number): Buffer {
  const body = Buffer.allocUnsafe(20)
  body.writeUInt32LE(BAD_MSG_NOTIFICATION, 0)
  body.writeBigInt64LE(msgId, 4)
  body.writeInt32LE(seqNo, 12)
  body.writeInt32LE(code, 16)
  return body
}

export const WRONG_SALT = 48

export function badServerSalt(msgId: bigint, seqNo: number, salt: bigint): Buffer {
  const body = Buffer.allocUnsafe(28)
  body.writeUInt32LE(BAD_SERVER_SALT, 0)
  body.writeBigInt64LE(msgId, 4)
  body.writeInt32LE(seqNo, 12)
  body.writeInt32LE(WRONG_SALT, 16)
  body.writeBigInt64LE(salt, 20)
  return body
}

export function rpcError(code: number, message: string): Buffer {
  const head = Buffer.allocUnsafe(8)
  head.writeUInt32LE(RPC_ERROR, 0)
  head.writeInt32LE(code, 4)
  return Buffer.concat([head, tlBytes(Buffer.from(message))])
}

export function msgsStateInfo(reqMsgId: bigint, info: Uint8Array): Buffer {
  return Buffer.concat([longs(MSGS_STATE_INFO, reqMsgId), tlBytes(info)])
}

export function msgDetailedInfo(msgId: bigint, answerMsgId: bigint, bytes: number): Buffer {
  return Buffer.concat([longs(MSG_DETAILED_INFO, msgId, answerMsgId), ints(bytes, 0)])
}

export function rpcAnswerDropped(msgId: bigint, seqNo: number, bytes: number): Buffer {
  return Buffer.concat([longs(RPC_ANSWER_DROPPED, msgId), ints(seqNo, bytes)])
}

/** `future_salts`, whose vector and elements are bare. */
export function futureSalts(reqMsgId: bigint, nowS: number, salts: readonly FutureSalt[]): Buffer {
  const body = Buffer.allocUnsafe(20 + 16 * salts.length)
  body.writeUInt32LE(FUTURE_SALTS, 0)
  body.writeBigInt64LE(reqMsgId, 4)
  body.writeInt32LE(nowS, 12)
  body.writeInt32LE(salts.length, 16)
  salts.forEach((salt, i) => {
    body.writeInt32LE(salt.validSince, 20 + 16 * i)
    body.writeInt32LE(salt.validUntil, 24 + 16 * i)
    body.writeBigInt64LE(salt.salt, 28 + 16 * i)
  })
  return body
}

function longs(constructorId: number, ...values: bigint[]): Buffer {
  const body = Buffer.allocUnsafe(4 + 8 * values.length)
  body.writeUInt32LE(constructorId, 0)
  for (let i = 0; i < values.length; i++) body.writeBigInt64LE(values[i]!, 4 + 8 * i)
  return body
}

function ints(...values: number[]): Buffer {
  const bytes = Buffer.allocUnsafe(4 * values.length)
  for (let i = 0; i < values.length; i++) bytes.writeInt32LE(values[i]!, 4 * i)
  return bytes
}
