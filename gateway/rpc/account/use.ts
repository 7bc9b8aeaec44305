import { ACTIVITY_INTERVAL_SECONDS, authKeyKey, type UserId, userKey } from '@heliograph/schemas/avro'
import type { AuthKey } from '../../mtproto/ports.ts'
import type { Services } from '../services.ts'

type Ports = Pick<Services, 'commands' | 'nowMs' | 'log'>

/**
 * Notes, durably and at most once in `ACTIVITY_INTERVAL_SECONDS`, that a log-in and its account are used: what nobody uses ends
 * one day. Nobody waits for this.
 */
export function noteUse(ports: Ports, key: AuthKey): void {
  const { userId, activeAt = 0 } = key
  const now = Math.floor(ports.nowMs() / 1000)
  if (userId === undefined || now - activeAt < ACTIVITY_INTERVAL_SECONDS) return
  key.activeAt = now
  touch(ports, key, userId as UserId).catch((error: unknown) =>
    ports.log.warn({ error: String(error) }, 'the use of an account was not noted'),
  )
}

async function touch({ commands }: Ports, { id }: AuthKey, userId: UserId): Promise<void> {
  await Promise.all([
    commands.ask('account.commands', authKeyKey(id), { type: 'TouchAuthKey', authKeyId: id }, undefined),
    commands.ask('account.commands', userKey(userId), { type: 'TouchUser', userId }, undefined),
  ])
}
