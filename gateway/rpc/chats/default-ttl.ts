import { type ChatId, chatIdOf, type PeerId, SERVICE_USER_ID, type UserId } from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import { chats } from '@heliograph/storage'
import { TwoGenerations } from '../directory/two-generations.ts'
import type { CallContext, Handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { readSetting, writeSetting } from '../settings.ts'
import { requireTtl } from './names.ts'
import { serviceOf } from './told.ts'

const DEFAULT_TTL = 'default-history-ttl'

/** The timer that the caller's new chats begin with, seconds; 0 none. */
export async function defaultTtl({
  services,
  user,
}: Pick<CallContext, 'services' | 'user'>): Promise<number> {
  return (await readSetting(services, user, DEFAULT_TTL))?.readUInt32LE() ?? 0
}

export const getDefaultHistoryTtl: Handler<'messages.getDefaultHistoryTTL'> = async (_, context) => ({
  _: 'defaultHistoryTTL',
  period: await defaultTtl(context),
})

export const setDefaultHistoryTtl: Handler<'messages.setDefaultHistoryTTL'> = async (call, context) => {
  const value = Buffer.alloc(4)
  value.writeUInt32LE(requireTtl(call.period))
  await writeSetting(context, DEFAULT_TTL, call.period === 0 ? null : value)
  knownTo(context.services).defaults.delete(context.user)
  return true
}

/** Users whose default is kept at hand, and for how long, and chats: every message to somebody asks for them. */
const MAX_KNOWN = 20_000
const KNOWN_MS = 60_000
interface Known {
  readonly defaults: TwoGenerations<UserId, { readonly seconds: number; readonly untilMs: number }>
  /** Chats that there are: a chat that has begun is there for good. */
  readonly begun: TwoGenerations<ChatId, true>
}
const known = new WeakMap<Services, Known>()

function knownTo(services: Services): Known {
  const found = known.get(services)
  if (found !== undefined) return found
  const fresh = { defaults: new TwoGenerations(MAX_KNOWN), begun: new TwoGenerations(MAX_KNOWN) } as Known
  known.set(services, fresh)
  return fresh
}

/**
 * Sets the timer of a private chat that the caller is about to begin to what it wants for new chats. Undefined where there is nothing
 * to do, which is known at once for whoever has written lately.
 */
export function beginTimer(context: CallContext, peerId: PeerId): Promise<void> | undefined {
  const { services, user } = context
  if (peerId <= 0 || peerId === (user as number) || peerId === (SERVICE_USER_ID as number)) return undefined
  const { defaults, begun } = knownTo(services)
  const found = defaults.get(user)
  if (found === undefined || found.untilMs <= services.nowMs()) return learn(context, peerId)
  if (found.seconds === 0) return undefined
  const chatId = chatIdOf(user, peerId)
  return begun.get(chatId) ? undefined : begin(context, chatId, found.seconds)
}

async function learn(context: CallContext, peerId: PeerId): Promise<void> {
  const { services, user } = context
  const seconds = await defaultTtl(context)
  knownTo(services).defaults.set(user, { seconds, untilMs: services.nowMs() + KNOWN_MS })
  if (seconds > 0) await begin(context, chatIdOf(user, peerId), seconds)
}

/** All of the caller's sessions hear of it as of any other message: it is not what this call is about. */
async function begin(context: CallContext, chatId: ChatId, seconds: number): Promise<void> {
  const { services, user } = context
  if ((await services.tables.get(chats, { chatId })) !== undefined) {
    knownTo(services).begun.set(chatId, true)
    return
  }
  const action = { _: 'messageActionSetMessagesTTL', period: seconds, autoSettingFrom: BigInt(user) } as const
  const { service, serviceRandomId } = (await serviceOf(context, chatId, action)).fields
  const timer = { type: 'SetTimer', chatId, userId: user, ttlSeconds: seconds, serviceRandomId } as const
  const command = { ...timer, service: service! }
  // Who may not write there, or has been quicker from another session, learns it from the message itself.
  await services.commands.ask('chat.commands', chatId, command, undefined).catch((error: unknown) => {
    if (!(error instanceof RpcError) || error.code >= 500) throw error
  })
}
