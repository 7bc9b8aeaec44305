import kafkajs from 'kafkajs'
import { LogUnavailable } from '../../log.ts'

const { KafkaJSError, KafkaJSNonRetriableError, KafkaJSNumberOfRetriesExceeded } = kafkajs

/** A failure of kafkajs as `LogUnavailable` where it may pass; anything else as it is. */
export function unavailable(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  const isFinal =
    error instanceof KafkaJSNonRetriableError && !(error instanceof KafkaJSNumberOfRetriesExceeded)
  if (!(error instanceof KafkaJSError) || isFinal) return error
  return new LogUnavailable(error.message, { cause: error })
}
