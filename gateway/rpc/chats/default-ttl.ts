import type { CallContext, Handler } from '../handler.ts'
import { readSetting, writeSetting } from '../settings.ts'
import { requireTtl } from './names.ts'

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
  return true
}
