import type { UserId } from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import type { Handler } from '../handler.ts'
import { renderUsers } from '../render/user.ts'

const LIFE_SECONDS = 3 * 24 * 3600
const TOKEN_BYTES = 16
const TOKEN = /^[A-Za-z0-9_-]{22}$/
const tokenKey = (token: string): string => `contact-token:${token}`

/** A link that shows the caller's account to whoever has it, without a number or a name, for some days. */
export const exportContactToken: Handler<'contacts.exportContactToken'> = async (_, context) => {
  const { services, user, now } = context
  const token = services.random(TOKEN_BYTES).toString('base64url')
  await services.cache.set(tokenKey(token), Buffer.from(String(user)), LIFE_SECONDS)
  return { _: 'exportedContactToken', url: `tg://contact?token=${token}`, expires: now + LIFE_SECONDS }
}

export const importContactToken: Handler<'contacts.importContactToken'> = async (call, context) => {
  const { services, user, now } = context
  const value = TOKEN.test(call.token) ? await services.cache.get(tokenKey(call.token)) : undefined
  if (value === undefined) throw new RpcError(400, 'IMPORT_TOKEN_INVALID')
  const [found] = await renderUsers(services.directory, user, [Number(value) as UserId], now)
  return found!
}
