import type { PeerId } from '@heliograph/schemas/avro'
import { encodeObject, RpcError } from '@heliograph/schemas/tl'
import { isBirthday } from '../account/appearance.ts'
import type { Handler } from '../handler.ts'
import { textContent } from '../messages/content.ts'
import { send } from '../messages/send/send.ts'
import { inputUserId } from '../peers.ts'
import { requireMayWrite } from '../privacy/ask.ts'

const RANDOM_ID_BYTES = 8

/** Proposes a birthday to somebody, who may take it over: a message that says so in the chat of the two. */
export const suggestBirthday: Handler<'users.suggestBirthday'> = async ({ id, birthday }, context) => {
  const { services, user, now } = context
  const other = inputUserId(id, context)
  if (other === user || !isBirthday(birthday, now)) throw new RpcError(400, 'USER_ID_INVALID')
  await requireMayWrite(services, user, other)
  const action = Buffer.from(encodeObject({ _: 'messageActionSuggestBirthday', birthday }))
  const randomId = services.random(RANDOM_ID_BYTES).readBigInt64LE()
  return send(context, other as number as PeerId, { randomId }, { ...textContent(''), action })
}
