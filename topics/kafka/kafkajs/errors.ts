import kafkajs from 'kafkajs'
import { LogUnavailable } from '../../log.ts'

const { KafkaJSError, KafkaJSNonRetriableError, KafkaJSNumberOfRetriesExceeded } = kafkajs

/** The group goes on without this member, or with another assignment, until it has joined again. */
const REGROUPING = new Set([22, 25, 27])

/** A failure of kafkajs as `LogUnavailable` where it may pass; anything else as it is. */
export function unavailable(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  const code = (error.cause as { code?: unknown } | undefined)?.code
  const passes = error instanceof KafkaJSNumberOfRetriesExceeded || REGROUPING.has(code as number)
  const isFinal = error instanceof KafkaJSNonRetriableError && !passes
  if (!(error instanceof KafkaJSError) || isFinal) return error
  return new LogUnavailable(error.message, { cause: error })
}
