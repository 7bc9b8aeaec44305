import {
  type ChatEvent,
  chatKindOf,
  type MemberChange,
  type MembersChanged,
  type MessageSent,
  type MessagesDeleted,
  type ReactionsChanged,
  type ViewsCounted,
} from '@heliograph/schemas/avro'
import { adminDeeds, chatMeasures, type Mutation, memberMoves, postForwards } from '@heliograph/storage'

/** The rows that statistics are made of: totals that events carry, by hour, and who came and went, by day. */

const HOUR_SECONDS = 3600
const DAY_HOURS = 24
const NOTHING: readonly Mutation[] = []

/** What an event of a channel adds to its statistics. */
export function projectStatistics(event: ChatEvent): readonly Mutation[] {
  switch (event.type) {
    case 'MessageSent':
      return event.extra === null || event.extra.copyOf === null ? NOTHING : forwarded(event)
    case 'ViewsCounted':
      return counted(event)
    case 'ReactionsChanged':
      return chatKindOf(event.chatId) === 'channel' ? reacted(event) : NOTHING
    case 'MembersChanged':
      return chatKindOf(event.chatId) === 'channel' ? moved(event) : NOTHING
    case 'MessagesDeleted':
      return deleted(event)
    default:
      return NOTHING
  }
}

interface Happened {
  readonly chatId: string
  /** Unix seconds. */
  readonly date: number
}

const dayOf = (date: number): number => Math.floor(date / HOUR_SECONDS / DAY_HOURS)
const hourOf = (date: number): number => Math.floor(date / HOUR_SECONDS) % DAY_HOURS

function measure({ chatId, date }: Happened, kind: string, seq: number, value: number): Mutation {
  const row = { chatId, day: dayOf(date), kind, seq, hour: hourOf(date), value }
  return { kind: 'upsert', table: chatMeasures, row }
}

/** A post that was forwarded, as its sender says; copies for comments are none. */
function forwarded({ chatId, seq, date, extra }: MessageSent): readonly Mutation[] {
  const copyOf = extra?.copyOf
  if (!copyOf || copyOf.sealedThere || chatKindOf(chatId) !== 'channel') return NOTHING
  const row = { postChatId: copyOf.chatId, postSeq: copyOf.seq, date, chatId, seq }
  return [{ kind: 'upsert', table: postForwards, row }]
}

function counted(event: ViewsCounted): Mutation[] {
  return event.posts.flatMap(({ seq, views, forwards }) => [
    measure(event, 'views', seq, views),
    measure(event, 'forwards', seq, forwards),
  ])
}

function reacted(event: ReactionsChanged): Mutation[] {
  const { seq, counts, before } = event
  const gone = before.filter((reaction) => !counts.some((count) => count.reaction === reaction))
  return [...counts, ...gone.map((reaction) => ({ reaction, count: 0 }))].map(({ reaction, count }) =>
    measure(event, `reaction:${reaction}`, seq, count),
  )
}

function moved(event: MembersChanged): Mutation[] {
  const { info, changes } = event
  const isCountChanged = changes.some(({ wasIn, member }) => wasIn !== member.isIn)
  const rows = isCountChanged ? [measure(event, 'members', 0, info.participants)] : []
  rows.push(...changes.flatMap((change) => move(event, change)))
  return [...rows, ...banned(event)]
}

/** What a chat begins with is nobody's coming. */
function move(event: MembersChanged, { wasIn, member }: MemberChange): readonly Mutation[] {
  const { chatId, date, change } = event
  const { isIn, peerId: userId, inviterId } = member
  if (isIn === wasIn || userId < 0 || change === 'create' || change === 'adopt') return NOTHING
  const source = isIn ? sourceOf(event, member) : ''
  const row = {
    chatId,
    day: dayOf(date),
    move: isIn ? 'in' : 'out',
    userId,
    source,
    inviterId: isIn ? inviterId : 0,
    date,
  }
  return [{ kind: 'upsert', table: memberMoves, row }]
}

function sourceOf({ change }: MembersChanged, { viaRequest, invite }: MemberChange['member']): string {
  if (viaRequest) return 'request'
  if (invite !== null) return 'link'
  return change === 'join' ? 'name' : 'added'
}

function banned(event: MembersChanged): Mutation[] {
  const [first] = event.changes
  if (event.change !== 'ban' || first === undefined) return []
  const { before, member } = first
  if (member.status === before) return []
  if (member.status === 'kicked') return [deed(event, 'kicked', 1)]
  return member.status === 'restricted' ? [deed(event, 'banned', 1)] : []
}

/** Messages that an administrator deleted: such deletions are logged, those by the authors are not. */
function deleted(event: MessagesDeleted): readonly Mutation[] {
  const { log, logId = 0 } = event
  if (log === null || log === undefined) return NOTHING
  return [deed({ ...event, logId }, 'deleted', event.messages.length)]
}

type Done = Happened & { readonly byUserId: number; readonly logId: number }

function deed({ chatId, date, byUserId, logId }: Done, name: string, count: number): Mutation {
  const row = { chatId, day: dayOf(date), logId, userId: byUserId, deed: name, count }
  return { kind: 'upsert', table: adminDeeds, row }
}
