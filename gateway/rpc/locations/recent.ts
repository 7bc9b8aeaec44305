import type { UserId } from '@heliograph/schemas/avro'
import { decodeObject, type TlType } from '@heliograph/schemas/tl'
import type { Handler } from '../handler.ts'
import type { HistoryEntry } from '../messages/mailbox/history.ts'
import { clampLimit } from '../messages/mailbox/paging.ts'
import { openMessages } from '../messages/mailbox/rendered.ts'
import { kindBits } from '../messages/search/kind-bits.ts'
import { answerFound, placeOf } from '../messages/search/place.ts'
import { queryOf } from '../messages/search/query.ts'
import { scanAll } from '../messages/search/scan.ts'
import { isLive } from './live.ts'

/** Messages of a chat that are looked at. */
const MAX_SCANNED = 2_000
/** Live locations that are looked at: a member has one at a time, as a rule. */
const MAX_FOUND = 200
const LIVE_LOCATIONS = kindBits(['liveGeo'])

/** `messages.getRecentLocations`: the live locations of a chat that go on, the newest first. */
export const getRecentLocations: Handler<'messages.getRecentLocations'> = async (call, context) => {
  const { services, user, now } = context
  const query = {
    ...queryOf(context, { filter: { _: 'inputMessagesFilterGeo' } }),
    filter: LIVE_LOCATIONS,
  }
  const place = await placeOf(context, call.peer, query, { minId: 0, maxId: 0 })
  const hits: HistoryEntry[] = []
  if (place.source !== undefined) {
    await scanAll(services, query, place.source, (hit) => hits.push(hit) < MAX_FOUND, MAX_SCANNED)
  }
  const opened = await openMessages(services, user as UserId, hits)
  const page = opened
    .filter(({ content, entry }) => {
      if (content === undefined || content.media === null) return false
      const media = decodeObject(content.media) as TlType<'MessageMedia'>
      return media._ === 'messageMediaGeoLive' && isLive(media, entry.date, now)
    })
    .slice(0, clampLimit(call.limit))
    .map(({ entry }) => entry)
  return answerFound(context, { page, count: page.length, exact: true }, place)
}
