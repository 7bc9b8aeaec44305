import { RestError } from '@confluentinc/schemaregistry/dist/rest-error.js'
import { IncompatibleSchema } from '../avro/registry.ts'

/** Expected failure: the registry cannot be reached or fails for now. The call may be repeated. */
export class RegistryUnavailable extends Error {}

const HTTP_CONFLICT = 409
const HTTP_NOT_FOUND = 404
const HTTP_TOO_MANY = 429
const HTTP_SERVER_ERROR = 500
const MAX_REASON_CHARACTERS = 400

export const isConflict = (error: unknown): boolean =>
  error instanceof RestError && error.status === HTTP_CONFLICT
export const isMissing = (error: unknown): boolean =>
  error instanceof RestError && error.status === HTTP_NOT_FOUND

/**
 * A failed call as callers know it: `IncompatibleSchema` for a refusal, `RegistryUnavailable` for what passes, each in one
 * line; a bug as it is. `about` is the subject or id.
 */
export function asExpected(error: unknown, about: string, url: string): unknown {
  if (error instanceof RestError) {
    if (error.status === HTTP_CONFLICT) return new IncompatibleSchema(`${about}: ${reasonOf(error.message)}`)
    const isForNow = error.status >= HTTP_SERVER_ERROR || error.status === HTTP_TOO_MANY
    if (isForNow) return new RegistryUnavailable(`the schema registry at ${url} answered ${error.status}`)
    return new Error(`the schema registry does not take ${about}: ${reasonOf(error.message)}`)
  }
  const { isAxiosError, code, message } = error as Error & { isAxiosError?: boolean; code?: string }
  if (isAxiosError !== true) return error
  return new RegistryUnavailable(`no schema registry at ${url}: ${message || code}`)
}

/** What the registry says, without the class names of its language, line breaks and the client's own addition. */
function reasonOf(message: string): string {
  return message
    .replace(/; Error code: -?\d+$/, '')
    .replace(/^(?:[\w$]+\.)+\w*Exception: /, '')
    .replace(/\s+/g, ' ')
    .slice(0, MAX_REASON_CHARACTERS)
}
