import type { UserId } from '@heliograph/schemas/avro'
import type { Call, MethodName, Result } from '@heliograph/schemas/tl'
import type { Caller } from '../mtproto/ports.ts'
import type { FloodClass } from './config.ts'
import type { Services } from './services.ts'

/** What a handler sees besides the call when anybody may call it. */
export interface OpenContext {
  readonly caller: Caller
  /** Unix seconds. */
  readonly now: number
  readonly services: Services
}
/** What a handler sees besides the call when only a logged-in user may call it. */
export interface CallContext extends OpenContext {
  readonly user: UserId
}

export type Handler<M extends MethodName> = (
  call: Call<M>,
  context: CallContext,
) => Promise<Result<M>> | Result<M>
export type OpenHandler<M extends MethodName> = (
  call: Call<M>,
  context: OpenContext,
) => Promise<Result<M>> | Result<M>

/** `empty` answers as an account without that feature sees it, by design. */
export type Status = 'works' | 'empty'

export interface Registered<M extends MethodName = MethodName> {
  /** Called with a `CallContext` where `auth` is `user`. */
  readonly handler: Handler<M>
  readonly status: Status
  readonly auth: 'none' | 'user'
  readonly flood: FloodClass
  /** How many ordinary calls this one counts as; 1 unless given. */
  readonly cost?: (call: Call<M>) => number
}
export type Handlers = { readonly [M in MethodName]?: Registered<M> }

/** A method for logged-in users. */
export function works<M extends MethodName>(
  handler: Handler<M>,
  flood: FloodClass = 'default',
  cost?: (call: Call<M>) => number,
): Registered<M> {
  return { handler, status: 'works', auth: 'user', flood, ...(cost && { cost }) }
}
/** A method that anybody may call. */
export function open<M extends MethodName>(
  handler: OpenHandler<M>,
  flood: FloodClass = 'default',
): Registered<M> {
  return { handler, status: 'works', auth: 'none', flood }
}
/** A method for logged-in users whose feature the server does not have: it answers what an unused feature answers. */
export function empty<M extends MethodName>(handler: Handler<M>): Registered<M> {
  return { handler, status: 'empty', auth: 'user', flood: 'default' }
}
/** As `empty`, for anybody. */
export function openEmpty<M extends MethodName>(
  handler: OpenHandler<M>,
  flood: FloodClass = 'default',
): Registered<M> {
  return { handler, status: 'empty', auth: 'none', flood }
}
