import { decodeObject, encodeObject, RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import { geoPoint } from './geo-point.ts'

/** Live locations: messages that say for a while where their sender is. Source: core.telegram.org/api/live-location. */

/** A location is shared for so long, seconds, or until its sender stops. */
const MIN_PERIOD_SECONDS = 60
const MAX_PERIOD_SECONDS = 86_400
const UNTIL_STOPPED = 0x7fffffff
const MAX_HEADING = 360
const MAX_RADIUS_METRES = 100_000

/** @throws RpcError 400 MEDIA_INVALID for a place, period, heading or radius that cannot be */
export function liveLocation(input: Tl<'inputMediaGeoLive'>): Tl<'messageMediaGeoLive'> {
  const { period = 0, stopped } = input
  const isPossible =
    period === UNTIL_STOPPED || (period >= MIN_PERIOD_SECONDS && period <= MAX_PERIOD_SECONDS)
  if (stopped === true || !isPossible) throw new RpcError(400, 'MEDIA_INVALID')
  return { _: 'messageMediaGeoLive', geo: geoPoint(input.geoPoint), period, ...detailsOf(input) }
}

type Details = Pick<Tl<'messageMediaGeoLive'>, 'heading' | 'proximityNotificationRadius'>

function detailsOf({ heading, proximityNotificationRadius }: Tl<'inputMediaGeoLive'>): Details {
  const isPossible =
    (heading === undefined || (heading >= 1 && heading <= MAX_HEADING)) &&
    (proximityNotificationRadius === undefined ||
      (proximityNotificationRadius >= 0 && proximityNotificationRadius <= MAX_RADIUS_METRES))
  if (!isPossible) throw new RpcError(400, 'MEDIA_INVALID')
  return {
    ...(heading !== undefined && { heading }),
    ...(proximityNotificationRadius !== undefined && { proximityNotificationRadius }),
  }
}

/**
 * Another place for a live location, a longer time, or its end: it then has lasted until now.
 * @param sentAt when the message was sent, Unix seconds
 * @throws RpcError 400 MEDIA_PREV_INVALID where the message is none, MESSAGE_NOT_MODIFIED where it has ended, MEDIA_INVALID
 */
export function movedLocation(
  input: Tl<'inputMediaGeoLive'>,
  before: Buffer | null,
  sentAt: number,
  now: number,
): Buffer {
  const old = before === null ? undefined : (decodeObject(before) as TlType<'MessageMedia'>)
  if (old?._ !== 'messageMediaGeoLive') throw new RpcError(400, 'MEDIA_PREV_INVALID')
  if (!isLive(old, sentAt, now)) throw new RpcError(400, 'MESSAGE_NOT_MODIFIED')
  if (input.stopped === true) return bytesOf({ ...old, period: Math.max(1, now - sentAt) })
  const period = input.period ?? old.period
  const { period: _, ...moved } = liveLocation({ ...input, period })
  return bytesOf({ ...moved, period })
}

const bytesOf = (media: Tl<'messageMediaGeoLive'>): Buffer => Buffer.from(encodeObject(media))

/** Whether it still says where its sender is. One that was stopped within its first minute has a period that nobody can ask for. */
export function isLive({ period }: Tl<'messageMediaGeoLive'>, sentAt: number, now: number): boolean {
  return period === UNTIL_STOPPED || (period >= MIN_PERIOD_SECONDS && sentAt + period > now)
}
