/** From the outcome of a call to the answer in its session's outbox. */
import { encodeResult, gzip, type MethodName, RpcError } from '@heliograph/schemas/tl'
import { ANSWERED } from '../../observer.ts'
import type { RunningCall } from './call.ts'
import { GZIP_PACKED } from './constructors.ts'
import type { Context } from './context.ts'
import { settleDependents } from './dependencies.ts'
import { queueAnswer } from './outbox.ts'
import { FAILED, PROCESSED, SUCCEEDED } from './received-ids.ts'
import { rpcError } from './service-bodies.ts'
import { tlBytes } from './tl-bytes.ts'

const BUG = { code: 500, errorMessage: 'INTERNAL' }
/** A compressed answer must be this much smaller. */
const GZIP_WORTH = 0.9

/** Answers a call with its result, a value of the newest layer. */
export function succeed(ctx: Context, call: RunningCall, method: string, value: unknown): void {
  let result: Uint8Array
  try {
    result = encodeResult(method as MethodName, value, call.layer)
  } catch (error) {
    return fail(ctx, call, error, `the result of ${method}`)
  }
  complete(ctx, call, compressed(ctx, method, result), ANSWERED)
}

/** Answers a call with an error; one that is not of the protocol is a bug and told as such. */
export function fail(ctx: Context, call: RunningCall, error: unknown, where: string): void {
  const known = error instanceof RpcError
  if (!known) ctx.ports.onBug(error, where, call.msgId)
  const { code, errorMessage } = known ? error : BUG
  complete(ctx, call, rpcError(code, errorMessage), code)
}

/** Answers a call with a value that is serialised already; `code` is that of the error that it says, or `ANSWERED`. */
export function complete(ctx: Context, call: RunningCall, body: Uint8Array, code: number): void {
  const { session } = call
  const succeeded = code === ANSWERED
  if (call.begunMs !== undefined) tell(ctx, call, call.begunMs, code)
  session.running--
  session.received.mark(call.msgId, PROCESSED | (succeeded ? SUCCEEDED : FAILED))
  if (session.closed) return
  if (call.dropped) session.calls?.delete(call.msgId)
  else call.answer = queueAnswer(ctx, session, call.msgId, body)
  if (session.waits) settleDependents(session, call.msgId, succeeded)
}

function tell({ ports: { telemetry } }: Context, call: RunningCall, begunMs: number, code: number): void {
  telemetry?.called(call.method, telemetry.clock() - begunMs, code)
  call.trace?.end(code)
  call.trace = undefined
}

function compressed(ctx: Context, method: string, result: Uint8Array): Uint8Array {
  // File parts are compressed already, if they can be.
  if (result.length < ctx.limits.gzipFromBytes || method.startsWith('upload.')) return result
  const packed = gzip(result)
  if (packed.length > result.length * GZIP_WORTH) return result
  const head = Buffer.allocUnsafe(4)
  head.writeUInt32LE(GZIP_PACKED)
  return Buffer.concat([head, tlBytes(packed)])
}
