import { ReplyError } from 'ioredis'
import { StoreUnavailable } from '../tables.ts'

/** What a node that is alive answers while it cannot serve: it loads its data, fails over, or is read-only for now. */
const FOR_NOW =
  /^(LOADING|READONLY|CLUSTERDOWN|MASTERDOWN|TRYAGAIN|MOVED|ASK|BUSY|OOM|NOREPLICAS|MISCONF|UNBLOCKED)\b/

/** `StoreUnavailable` for what passes (no connection, no answer in time, a refusal for now); a bug as it is. */
export function asUnavailable(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof TypeError || error instanceof RangeError) return error
  if (error instanceof ReplyError && !FOR_NOW.test(error.message)) return error
  return new StoreUnavailable(`Redis: ${error.message}`)
}
