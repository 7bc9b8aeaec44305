import { errors, types } from 'cassandra-driver'
import { StoreUnavailable } from '../tables.ts'

const codes = types.responseErrorCodes
/** Sent by Cassandra 4 and later where the outcome of a compare-and-set is not known; the driver has no name for it. */
const CAS_WRITE_UNKNOWN = 0x1700
/** All that the driver's plain error says when it prepares a statement while its last connection to a node is being made anew. */
const NO_CONNECTION = 'No connection available'

/** What a server answers when it, or replicas that it asked, could not do for now what was asked. */
const TRANSIENT_CODES: ReadonlySet<number> = new Set([
  codes.serverError,
  codes.unavailableException,
  codes.overloaded,
  codes.isBootstrapping,
  codes.truncateError,
  codes.writeTimeout,
  codes.readTimeout,
  codes.readFailure,
  codes.writeFailure,
  CAS_WRITE_UNKNOWN,
])

/** True where the same request may succeed later: nobody answered in time, or too few replicas did. Anything else is a bug. */
export function isTransient(error: unknown): boolean {
  if (error instanceof errors.ResponseError) return TRANSIENT_CODES.has(error.code)
  if (error instanceof errors.NoHostAvailableError) return !isRefused(error)
  if (error instanceof errors.OperationTimedOutError || error instanceof errors.BusyConnectionError)
    return true
  if (error instanceof Error && error.message === NO_CONNECTION) return true
  return (error as { isSocketError?: boolean } | undefined)?.isSocketError === true
}

/** Servers that were reached but do not let us in. */
function isRefused(error: errors.NoHostAvailableError): boolean {
  const inner = Object.values((error.innerErrors ?? {}) as Record<string, unknown>)
  return inner.some((each) => each instanceof errors.AuthenticationError)
}

/** What a caller is told: `StoreUnavailable` for a transient failure, everything else as it is. */
export function storeFailure(error: unknown): unknown {
  if (!isTransient(error)) return error
  return new StoreUnavailable(`Cassandra is not available: ${(error as Error).message}`, { cause: error })
}
