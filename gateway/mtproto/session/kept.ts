/**
 * What has been sent and not been acknowledged: answers, which are sent again on a new connection or when the request is
 * repeated, and pushes. Both are bounded by number and by bytes.
 */
import type { SessionLimits } from './limits.ts'
import {
  ANSWER_MESSAGE,
  messageBytes,
  type OutMessage,
  PUSH_MESSAGE,
  SERVICE_MESSAGE,
} from './out-message.ts'
import { ANSWER_KNOWN, ANSWERED, FORGOTTEN } from './received-ids.ts'
import type { Session } from './session.ts'

export function keep(session: Session, message: OutMessage, limits: SessionLimits): void {
  if (message.kind === ANSWER_MESSAGE) keepAnswer(session, message, limits)
  else if (message.kind === PUSH_MESSAGE) keepPush(session, message, limits)
}

/** The client has acknowledged this message of ours. */
export function acknowledge(session: Session, msgId: bigint): void {
  const answer = session.answers?.get(msgId)
  if (answer) {
    forgetAnswer(session, answer)
    session.received.mark(answer.reqMsgId, ANSWERED | ANSWER_KNOWN)
    return
  }
  const push = session.pushes?.get(msgId)
  if (push) forgetPush(session, push)
}

/** A message of ours that has not been acknowledged yet. */
export function keptMessage(session: Session, msgId: bigint): OutMessage | undefined {
  return session.answers?.get(msgId) ?? session.pushes?.get(msgId)
}

export function forgetAnswer(session: Session, answer: OutMessage): void {
  if (!session.answers?.delete(answer.msgId)) return
  session.answerBytes -= messageBytes(answer)
  session.calls?.delete(answer.reqMsgId)
  if (session.answers.size === 0) session.answers = undefined
  if (session.calls?.size === 0) session.calls = undefined
}

/** Everything that may have been lost with a connection, in the order of its ids. */
export function unacknowledged(session: Session): OutMessage[] {
  const messages = [...(session.answers?.values() ?? []), ...(session.pushes?.values() ?? [])]
  return messages.sort((a, b) => (a.msgId < b.msgId ? -1 : 1))
}

function keepAnswer(session: Session, answer: OutMessage, limits: SessionLimits): void {
  session.answers ??= new Map()
  session.answers.set(answer.msgId, answer)
  session.answerBytes += messageBytes(answer)
  if (session.answers.size <= limits.keptAnswers && session.answerBytes <= limits.keptAnswerBytes) return
  for (const oldest of session.answers.values()) {
    // What waits in the outbox has its own bound; only what has been sent can be forgotten.
    if (!oldest.sent || oldest === answer) continue
    forgetAnswer(session, oldest)
    session.received.mark(oldest.reqMsgId, FORGOTTEN)
    if (session.answers.size <= limits.keptAnswers && session.answerBytes <= limits.keptAnswerBytes) return
  }
}

function keepPush(session: Session, push: OutMessage, limits: SessionLimits): void {
  session.pushes ??= new Map()
  session.pushes.set(push.msgId, push)
  session.pushBytes += messageBytes(push)
  if (session.pushes.size <= limits.keptPushes && session.pushBytes <= limits.keptPushBytes) return
  for (const oldest of session.pushes.values()) {
    if (!oldest.sent || oldest === push) continue
    forgetPush(session, oldest)
    session.forgotPushes = true
    if (session.pushes.size <= limits.keptPushes && session.pushBytes <= limits.keptPushBytes) return
  }
}

export function forgetPush(session: Session, push: OutMessage): void {
  if (!session.pushes?.delete(push.msgId)) return
  session.pushBytes -= messageBytes(push)
  if (session.pushes.size > 0) return
  session.pushes = undefined
  session.forgotPushes = false
}

/** Kinds of messages that wait for an acknowledgement. */
export function isKept(kind: OutMessage['kind']): boolean {
  return kind !== SERVICE_MESSAGE
}
