/** API calls: read, unwrapped, checked, and started in the order of their arrival. */
import { type AnyCall, floodWait, RpcError, TlDecodeError } from '@heliograph/schemas/tl'
import { CallTrace, type GatewayObserver } from '../../observer.ts'
import { fail, succeed } from './answer.ts'
import { arm } from './arm.ts'
import type { Arrival } from './arrival.ts'
import { refreshAttachment } from './attachment.ts'
import { bindTemporaryKey } from './bind.ts'
import { RunningCall } from './call.ts'
import type { Context } from './context.ts'
import { afterMessages } from './dependencies.ts'
import { describeKey } from './layer.ts'
import { refreshOwner } from './login.ts'
import type { Session } from './session.ts'
import { readCall, type Unwrapped } from './unwrap.ts'

const BAD_REQUEST = 400
const UNAUTHORIZED = 401

/** Takes a call; `body` is undefined when its compression was broken. */
export function receiveCall(arrival: Arrival, msgId: bigint, body: Buffer | undefined): void {
  const { ctx, session } = arrival
  const call = new RunningCall(session, msgId, arrival.carrier.link.remoteAddress)
  remember(arrival, call)
  if (ctx.ports.telemetry !== undefined) observe(ctx.ports.telemetry, call)
  if (session.running > ctx.limits.runningCalls) return fail(ctx, call, floodWait(1), 'call')
  const unwrapped = read(ctx, call, body)
  if (!unwrapped) return
  call.withoutUpdates = unwrapped.withoutUpdates
  call.takeoutId = unwrapped.takeoutId
  if (call.withoutUpdates) session.declinedUpdates = true
  if (unwrapped.after.length === 0) return start(ctx, call, unwrapped)
  afterMessages(ctx, session, unwrapped.after, (succeeded) => {
    if (succeeded) start(ctx, call, unwrapped)
    else fail(ctx, call, new RpcError(BAD_REQUEST, 'MSG_WAIT_FAILED'), 'call')
  })
}

function observe(telemetry: GatewayObserver, call: RunningCall): void {
  call.begunMs = telemetry.clock()
  if (telemetry.tracer !== undefined) call.trace = CallTrace.begin(telemetry.tracer)
}

function remember({ ctx, session, nowMs }: Arrival, call: RunningCall): void {
  session.calls ??= new Map()
  session.calls.set(call.msgId, call)
  session.running++
  if (session.ackDueMs !== 0) return
  session.ackDueMs = nowMs + ctx.limits.ackDelayMs
  arm(ctx, session, session.ackDueMs)
}

function read(ctx: Context, call: RunningCall, body: Buffer | undefined): Unwrapped | undefined {
  try {
    if (!body) throw new TlDecodeError('bad compression')
    return readCall(body)
  } catch (error) {
    fail(ctx, call, error instanceof TlDecodeError ? decodeFailure(error) : error, 'reading a call')
    return undefined
  }
}

function decodeFailure(error: TlDecodeError): RpcError {
  const unknown = error.reason === 'unknown constructor' || error.reason === 'not a method'
  if (!unknown) return new RpcError(BAD_REQUEST, 'INPUT_REQUEST_INVALID')
  return new RpcError(BAD_REQUEST, `INPUT_METHOD_INVALID_${(error.constructorId ?? 0) >>> 0}`)
}

function start(ctx: Context, call: RunningCall, unwrapped: Unwrapped): void {
  const { key } = call.session
  const refused = refusal(ctx, call, unwrapped)
  if (refused) return fail(ctx, call, refused, 'call')
  const { query } = unwrapped
  call.method = query._
  if (query._ === 'auth.bindTempAuthKey') return bindTemporaryKey(ctx, call, query)
  if (!key.isUnbound) return dispatch(ctx, call, query)
  if (!key.binding) return fail(ctx, call, new RpcError(UNAUTHORIZED, 'AUTH_KEY_PERM_EMPTY'), 'call')
  // Clients send their first calls together with the binding; they run once it is done.
  key.binding.then(() => start(ctx, call, unwrapped))
}

/** Keeps what the wrappers said of the client; returns the error where it has not said enough. */
function refusal(ctx: Context, call: RunningCall, unwrapped: Unwrapped): RpcError | undefined {
  const { owner } = call.session.key
  const { layer } = unwrapped
  if (layer !== undefined && layer <= 0) return new RpcError(BAD_REQUEST, 'CONNECTION_LAYER_INVALID')
  if (unwrapped.client !== undefined && unwrapped.client.apiId <= 0)
    return new RpcError(BAD_REQUEST, 'CONNECTION_API_ID_INVALID')
  const client = unwrapped.client && { ...unwrapped.client, address: call.remoteAddress }
  describeKey(ctx.ports, owner, layer, client)
  if (unwrapped.query._ === 'auth.bindTempAuthKey' || call.session.key.isUnbound) return undefined
  if (owner.layer === undefined) return new RpcError(BAD_REQUEST, 'CONNECTION_LAYER_INVALID')
  return owner.client === undefined ? new RpcError(BAD_REQUEST, 'CONNECTION_NOT_INITED') : undefined
}

function dispatch(ctx: Context, call: RunningCall, query: AnyCall): void {
  const { session } = call
  const method = query._
  call.trace?.dispatched(method)
  if (!session.attached) noteInterest(ctx, session, call, method)
  let result: Promise<unknown>
  try {
    result = ctx.ports.dispatch(query, call)
  } catch (error) {
    return fail(ctx, call, error, method)
  }
  result.then(
    (value) => {
      succeed(ctx, call, method, value)
      if (mayChangeLogin(method)) refreshOwner(ctx, call, method)
    },
    (error: unknown) => fail(ctx, call, error, method),
  )
}

/** Whoever asks for more than files, help and a login wants updates. */
function noteInterest(ctx: Context, session: Session, call: RunningCall, method: string): void {
  if (call.withoutUpdates) return
  if (method.startsWith('upload.') || method.startsWith('help.') || method.startsWith('auth.')) return
  session.wantsUpdates = true
  refreshAttachment(ctx, session)
}

function mayChangeLogin(method: string): boolean {
  return method.startsWith('auth.') || method.startsWith('account.')
}
