import type { UserId } from '@heliograph/schemas/avro'
import type { Caller } from '../../mtproto/ports.ts'
import { publishAuthorization } from '../account/new-authorization.ts'
import { markUnconfirmed } from '../account/unconfirmed.ts'
import type { OpenContext } from '../handler.ts'
import type { Services } from '../services.ts'
import { hasOtherSession, sendServiceMessage } from './service-message.ts'

/** What a person recognises a device by. */
export interface Device {
  readonly deviceModel: string
  readonly appVersion: string
  readonly address: string
}

/**
 * Tells an account's other sessions that the caller's key has just been logged in: by a message that stays, and by a question
 * whether that was they. Nobody waits for this.
 */
export function announceLogin({ services, caller, now }: OpenContext, userId: UserId): void {
  announce(services, caller, userId, now).catch((error: unknown) => notAnnounced(services, error))
}

/** As `announceLogin`, for a log-in that another session has just allowed: there is nothing to ask. */
export function announceAccepted(
  { services, now }: OpenContext,
  userId: UserId,
  device: Device | undefined,
): void {
  const text = newLoginText(device, now)
  sendServiceMessage(services, userId, text).catch((error: unknown) => notAnnounced(services, error))
}

async function announce(services: Services, caller: Caller, userId: UserId, now: number): Promise<void> {
  const { permanentKeyId, client } = caller
  if (!(await hasOtherSession(services, userId, permanentKeyId))) return
  const device = client && { ...client, address: caller.remoteAddress }
  await markUnconfirmed(services.cache, permanentKeyId)
  publishAuthorization(services, userId, permanentKeyId, caller)
  await sendServiceMessage(services, userId, newLoginText(device, now))
}

function notAnnounced(services: Services, error: unknown): void {
  services.log.warn({ error: String(error) }, 'a new log-in was not announced')
}

function newLoginText(device: Device | undefined, now: number): string {
  const { deviceModel = 'unknown', appVersion = 'unknown', address = 'unknown' } = device ?? {}
  return [
    `New login to your account on ${new Date(now * 1000).toUTCString()}.`,
    '',
    `Device: ${deviceModel}`,
    `App version: ${appVersion}`,
    `Network address: ${address}`,
    '',
    'Was it not you? Then end that session: Settings, Devices.',
  ].join('\n')
}
