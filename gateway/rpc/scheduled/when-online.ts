import { type ChatId, peerIdOf, type UserId, WHEN_ONLINE } from '@heliograph/schemas/avro'
import { awaitedOnline } from '@heliograph/storage'
import { presences } from '../presence.ts'
import type { Services } from '../services.ts'
import { fireCommand } from './fire.ts'
import { findScheduled } from './scheduled.ts'

const MAX_AWAITING = 500

type Firing = Pick<Services, 'tables' | 'keyring' | 'codec' | 'commands' | 'log'>

/** Sends what waited for this user to be online. What may not be sent stays where it is. */
export async function userIsOnline(services: Firing, userId: UserId): Promise<void> {
  const rows = await services.tables.range(awaitedOnline, { userId }, { limit: MAX_AWAITING })
  await Promise.all(
    rows.map(async ({ chatId, senderId, id }) => {
      const sender = senderId as UserId
      const peerId = peerIdOf(sender, chatId as ChatId)
      const [scheduled] = await findScheduled(services, sender, peerId, [id ?? 0])
      if (scheduled === undefined) return
      const command = fireCommand(sender, peerId, scheduled, WHEN_ONLINE)
      await services.commands.ask('chat.commands', command.chatId, command, undefined)
    }),
  ).catch((error: unknown) => services.log.warn({ reason: String(error) }, 'a message that waited stays'))
}

/** Something waits for this user now, who may be online already. */
export async function fireIfOnline(
  services: Firing & Pick<Services, 'cache'>,
  userId: UserId,
  now: number,
): Promise<void> {
  const [seen] = await presences(services, [userId])
  if (seen !== undefined && seen.expires > now) await userIsOnline(services, userId)
}
