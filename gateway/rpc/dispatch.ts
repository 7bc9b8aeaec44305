import type { UserId } from '@heliograph/schemas/avro'
import { type AnyCall, type MethodName, methodFacts, RpcError } from '@heliograph/schemas/tl'
import type { Caller, Dispatch } from '../mtproto/ports.ts'
import { checkTakeout } from './account/takeout.ts'
import { FloodControl } from './flood.ts'
import { namesFromMessage, withNamed } from './from-message.ts'
import type { CallContext, Handlers, Registered } from './handler.ts'
import { asNamed } from './named-errors.ts'
import { Outage } from './outage.ts'
import type { Services } from './services.ts'

/**
 * Runs API calls: finds the handler, wants a logged-in user where the method needs one, counts the call against its flood
 * limit. The handler begins in the same turn wherever nothing has to be looked up. A call that meets a store which is away
 * answers 500, for its client to repeat. Refusals come out under the name that the method's entry in the schema data has for them.
 */
export function createDispatch(services: Services, handlers: Handlers): Dispatch {
  const table = new Map(Object.entries(handlers) as [MethodName, Registered][])
  const { cache, config, nowMs, log } = services
  const flood = new FloodControl({ cache, limits: config.flood, nowMs, log })
  const outage = new Outage(log, nowMs)
  const run = async (call: AnyCall, caller: Caller): Promise<unknown> => {
    const registered = table.get(call._ as MethodName)
    if (registered?.auth !== 'none' && caller.userId === undefined) await requireUser(services, caller)
    if (registered === undefined) throw refusal(call._ as MethodName)
    const wait = flood.take(registered.flood, caller, registered.cost?.(call as never))
    if (wait !== undefined) await wait
    if (caller.takeoutId !== undefined) await checkTakeout(services, caller)
    const context = contextOf(services, caller)
    const named = namesFromMessage(call) ? await withNamed(call, context) : call
    return registered.handler(named as never, context)
  }
  return async (call, caller) => {
    try {
      return await run(call, caller)
    } catch (error) {
      throw outage.refusalOf(asNamed(call._ as MethodName, error))
    }
  }
}

/** The context of a call; `user` is 0 where nobody is logged in, and then only open handlers get it, which cannot see it. */
function contextOf(services: Services, caller: Caller): CallContext {
  const now = Math.floor(services.nowMs() / 1000)
  return { caller, user: (caller.userId ?? 0) as UserId, now, services }
}

async function requireUser(services: Services, caller: Caller): Promise<void> {
  await services.authKeys.refresh(caller.permanentKeyId)
  if (caller.userId === undefined) throw new RpcError(401, 'AUTH_KEY_UNREGISTERED')
}

/** What a method that this server does not serve answers. */
function refusal(method: MethodName): RpcError {
  const facts = methodFacts()[method]
  if (facts !== undefined && !facts.usersAllowed) return new RpcError(400, 'USER_BOT_REQUIRED')
  return new RpcError(400, 'METHOD_INVALID')
}
