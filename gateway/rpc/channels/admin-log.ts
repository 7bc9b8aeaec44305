import type { ChatId, PeerId, UserId } from '@heliograph/schemas/avro'
import { adminLog, chatScope } from '@heliograph/storage'
import { matchingUsers } from '../chats/matching-users.ts'
import { pageLimit } from '../chats/page-limit.ts'
import { reachChannel, requireAdmin, requireMember } from '../chats/reach.ts'
import { type LogAction, openLog } from '../chats/sealed.ts'
import type { CallContext, Handler } from '../handler.ts'
import { renderNamed } from '../messages/answers.ts'
import { inputUserId } from '../peers.ts'
import { matchesFilter, textOf } from './log-filter.ts'
import { addNamedPeers } from './log-peers.ts'
import { stampedAction } from './log-stamps.ts'

export const MAX_LOG_EVENTS = 100
/** Entries that one call looks through. */
const MAX_SCANNED = 10_000
const SCAN_CHUNK = 500
/** An entry of the log may hold several actions, each an event: places of one entry in the numbers of events. */
const EVENTS_PER_ENTRY = 256n
/** No entry stands behind it, whichever event a caller names. */
const LAST_ENTRY = Number.MAX_SAFE_INTEGER

interface LogEvent {
  readonly id: bigint
  readonly date: number
  readonly userId: UserId
  readonly action: LogAction
}
type Wanted = Parameters<Handler<'channels.getAdminLog'>>[0]

/** What administrators did, newest first, of the last 48 hours. */
export const getAdminLog: Handler<'channels.getAdminLog'> = async (call, context) => {
  const reached = await reachChannel(context, call.channel)
  requireMember(reached)
  requireAdmin(reached)
  const admins = call.admins && new Set(call.admins.map((input) => inputUserId(input, context)))
  const limit = pageLimit(call.limit, MAX_LOG_EVENTS)
  const events = await search(context, reached.chatId, call, admins, limit)
  const peers = new Set<PeerId>(events.map(({ userId }) => userId as number as PeerId))
  for (const { action } of events) addNamedPeers(peers, action)
  return {
    _: 'channels.adminLogResults',
    events: events.map((event) => ({
      _: 'channelAdminLogEvent',
      ...event,
      action: stampedAction(context.services, context.user, event.action),
    })),
    ...(await renderNamed(context, peers)),
  }
}

async function search(
  context: CallContext,
  chatId: ChatId,
  call: Wanted,
  admins: ReadonlySet<UserId> | undefined,
  limit: number,
): Promise<LogEvent[]> {
  const found: LogEvent[] = []
  let to = call.maxId === 0n ? LAST_ENTRY : Math.min(LAST_ENTRY, Number(call.maxId / EVENTS_PER_ENTRY))
  for (let scanned = 0; scanned < MAX_SCANNED && found.length < limit; scanned += SCAN_CHUNK) {
    const rows = await context.services.tables.range(
      adminLog,
      { chatId },
      { to, descending: true, limit: SCAN_CHUNK },
    )
    const opened = (await eventsOf(context, chatId, rows)).filter(
      (event) =>
        isBetween(event, call) &&
        (admins === undefined || admins.has(event.userId)) &&
        matchesFilter(event.action, call.eventsFilter),
    )
    found.push(...(await withText(context, opened, call.q)))
    const last = rows.at(-1)
    if (rows.length < SCAN_CHUNK || last === undefined || last.eventId === 0) break
    to = last.eventId! - 1
  }
  return found.slice(0, limit)
}

const isBetween = ({ id }: LogEvent, { minId, maxId }: Wanted): boolean =>
  id > minId && (maxId === 0n || id < maxId)

async function eventsOf(
  { services }: CallContext,
  chatId: ChatId,
  rows: readonly {
    eventId: number | null
    date: number | null
    userId: number | null
    sealed: Buffer | null
  }[],
): Promise<LogEvent[]> {
  const key = await services.keyring.find(chatScope(chatId))
  if (key === undefined) return []
  return rows.flatMap(({ eventId, date, userId, sealed }) => {
    const actions = sealed === null ? [] : openLog(chatId, key, sealed)
    return actions
      .map((action, i) => ({
        id: BigInt(eventId!) * EVENTS_PER_ENTRY + BigInt(i) + 1n,
        date: date!,
        userId: userId as UserId,
        action,
      }))
      .reverse()
  })
}

/** Events with the words in what was changed, or by or about somebody of that name. */
async function withText(context: CallContext, events: LogEvent[], q: string): Promise<LogEvent[]> {
  const query = q.trim().toLowerCase()
  if (query === '') return events
  const named = new Map<LogEvent, UserId[]>()
  for (const event of events) {
    const peers = new Set<PeerId>([event.userId as number as PeerId])
    addNamedPeers(peers, event.action)
    named.set(event, [...peers].filter((peer) => peer > 0) as number[] as UserId[])
  }
  const matching = await matchingUsers(context, [...new Set([...named.values()].flat())], query)
  return events.filter(
    (event) =>
      textOf(event.action).toLowerCase().includes(query) || named.get(event)!.some((id) => matching.has(id)),
  )
}
