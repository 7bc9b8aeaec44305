import { NetworkError, ResponseError, TimeoutError } from '@platformatic/kafka'
import { LogUnavailable } from '../../log.ts'

/** Error codes of the Kafka protocol that this client tells apart. */
export const Code = {
  none: 0,
  offsetOutOfRange: 1,
  unknownTopic: 3,
  timedOut: 7,
  tooFewReplicasAfter: 20,
  topicExists: 36,
  tooFewBrokers: 38,
  outOfOrderSequence: 45,
  duplicateSequence: 46,
  invalidProducerEpoch: 47,
  unknownProducer: 59,
  unknownMember: 25,
  unknownGroup: 69,
  fencedMemberEpoch: 110,
  staleMemberEpoch: 113,
} as const

/**
 * What passes by itself or with fresh metadata: leader, coordinator and replicas (3, 5 to 9, 13 to 16, 19, 20), a broker
 * that moves or starts (41, 56, 72, 74 to 76, 89, 100), a new leader that does not know yet how far the others are (78).
 */
const TRANSIENT = new Set([3, 5, 6, 7, 8, 9, 13, 14, 15, 16, 19, 20, 41, 56, 72, 74, 75, 76, 78, 89, 100])

export function isTransient(code: number): boolean {
  return TRANSIENT.has(code)
}

/** The failure for an error code of the broker: `LogUnavailable` where it passes, otherwise a plain error. */
export function failure(what: string, code: number, message?: string | null): Error {
  const text = `${what}: Kafka error ${code}${message ? ` (${message})` : ''}`
  return isTransient(code) ? new LogUnavailable(text) : new Error(text)
}

/** The client throws where an answer names an error; whoever asks looks at the codes in the answer itself. */
export function answerIn(error: unknown): unknown {
  return error instanceof ResponseError ? error.response : undefined
}

/** A failure of the connection as `LogUnavailable`; anything else as it is. */
export function connectionFailure(error: Error, where: string): Error {
  const gone = error instanceof NetworkError || error instanceof TimeoutError
  return gone ? new LogUnavailable(`${where}: ${error.message}`, { cause: error }) : error
}
