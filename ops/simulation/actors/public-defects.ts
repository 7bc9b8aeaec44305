import { messageDecider } from '@heliograph/actors'
import type { Cast } from '@heliograph/actors/simulation'
import { type ChatCommand, type ChatEvent, chatKindOf, type RecordCodec } from '@heliograph/schemas/avro'
import {
  type AnyRow,
  alarms,
  channelUpdates,
  chatInfos,
  chatMembers,
  chatReads,
  inviteHashes,
  joinRequests,
  lastSends,
  type Mutation,
  messageReactors,
  messages,
  pollVotes,
  type RowRef,
  scheduledMessages,
  unreadMentions,
} from '@heliograph/storage'
import { PEOPLE } from './public-places.ts'
import { realCast } from './run.ts'

/** Message actors of which each breaks one rule of groups and channels, planted to show that the audit notices. */
export const publicDefects: Readonly<Record<string, (codec: RecordCodec) => Cast>> = {
  'lets those write who are banned': seeing(chatMembers, (row) => ({ ...row, banned: 0 }), 'SendMessage'),
  'lets those write who have left': seeing(chatMembers, (row) => ({ ...row, isIn: true }), 'SendMessage'),
  'forgets that a ban ends': seeing(chatMembers, (row) => ({ ...row, untilDate: 0 })),
  'delivers to who is not there': deciding((event) =>
    event.type === 'MessageSent' && chatKindOf(event.chatId) === 'group'
      ? { ...event, members: [...new Set([...event.members, ...PEOPLE])] }
      : event,
  ),
  'ignores slow mode': seeing(lastSends, () => undefined),
  'shows newcomers what is hidden from them': deciding((event) =>
    event.type === 'MembersChanged' && chatKindOf(event.chatId) === 'channel'
      ? {
          ...event,
          changes: event.changes.map((each) => ({ ...each, member: { ...each.member, minSeq: 0 } })),
        }
      : event,
  ),
  'lets more come by a link than its limit': seeing(
    inviteHashes,
    (row) => ({ ...row, usage: 0 }),
    'JoinChat',
  ),
  'lets in who has to be let in by others': seeing(inviteHashes, (row) => ({ ...row, requestNeeded: false })),
  'forgets who waits to be let in': seeing(joinRequests, () => undefined, 'AnswerRequests'),
  'lets those wait who are banned': seeing(joinRequests, () => undefined, 'SetBanned'),
  'lets anybody edit': (codec) =>
    withDecide(codec, (rows, command) => ({
      get: (table, key) => {
        const row = rows.get(table, key)
        const isMeant = command.type === 'EditMessage' && (table as RowRef['table']) === messages
        return isMeant && row !== undefined ? { ...row, senderId: command.editorId } : row
      },
    })),
  'lets a read move backwards': seeing(chatReads, () => undefined),
  'counts a reaction twice': seeing(messageReactors, () => undefined),
  'shows who reacts in a broadcast': deciding((event) =>
    event.type === 'ReactionsChanged' && event.authorId === 0
      ? { ...event, recent: [{ userId: event.userId, reaction: '👍', date: event.date, big: false }] }
      : event,
  ),
  'lets people say what the chat forbids': seeing(
    chatInfos,
    (row) => ({ ...row, allReactions: true }),
    'SetReactions',
  ),
  'counts a vote twice': seeing(pollVotes, () => undefined),
  'keeps what was deleted': keeping(({ kind, table }) => kind === 'delete' && table === messages),
  'leaves deletions out of the difference': keeping(
    (mutation) =>
      mutation.kind === 'upsert' && mutation.table === channelUpdates && mutation.row.kind === 'delete',
  ),
  'leaves mentions of deleted messages unread': keeping(
    ({ kind, table }) => kind === 'delete' && table === unreadMentions,
  ),
  'sends again what was scheduled': keeping(
    ({ kind, table }) => kind === 'delete' && table === scheduledMessages,
  ),
  'never stops an alarm': keeping(({ kind, table }) => kind === 'delete' && table === alarms),
  'deletes before the time is over': (codec) =>
    withDecide(codec, (rows) => rows, { bySeconds: 3_600, of: 'ExpireMessages' }),
  'migrates without the members': (codec) =>
    withMessages(codec, {
      react: (event, header, at) =>
        messageDecider.react(event, header, at).filter(({ record }) => record.type !== 'AdoptMembers'),
    }),
}

type Decider = typeof messageDecider
type Rows = Parameters<Decider['decide']>[0]

function withMessages(codec: RecordCodec, change: Partial<Decider>): Cast {
  const cast = realCast(codec)
  const deciders = cast.deciders.map((decider) =>
    decider.group === messageDecider.group ? { ...messageDecider, ...change } : decider,
  )
  return { ...cast, deciders }
}

/** Decides over other rows, or as if it were later. */
function withDecide(
  codec: RecordCodec,
  change: (rows: Rows, command: ChatCommand) => Rows,
  late?: { readonly bySeconds: number; readonly of: ChatCommand['type'] },
): Cast {
  return withMessages(codec, {
    decide: (rows, command, at) => {
      const date = at.date + (command.type === late?.of ? (late?.bySeconds ?? 0) : 0)
      return messageDecider.decide(change(rows, command), command, { ...at, date })
    },
  })
}

/** Sees the rows of a table as others than they are, in commands of one type or all. */
function seeing(
  table: RowRef['table'],
  change: (row: AnyRow) => AnyRow | undefined,
  of?: ChatCommand['type'],
): (codec: RecordCodec) => Cast {
  return (codec) =>
    withDecide(codec, (rows, command) => ({
      get: ((asked: RowRef['table'], key: never) => {
        const row = rows.get(asked as never, key) as AnyRow | undefined
        const isMeant = asked === table && (of === undefined || command.type === of)
        return isMeant && row !== undefined ? change(row) : row
      }) as Rows['get'],
    }))
}

/** Decides that something else has happened. */
function deciding(change: (event: ChatEvent) => ChatEvent): (codec: RecordCodec) => Cast {
  return (codec) =>
    withMessages(codec, {
      decide: (rows, command, at) => {
        const decision = messageDecider.decide(rows, command, at)
        return 'rejected' in decision ? decision : { events: decision.events.map(change) }
      },
    })
}

/** Leaves some of the rows as they were. */
function keeping(isLeft: (mutation: Mutation) => boolean): (codec: RecordCodec) => Cast {
  return (codec) =>
    withMessages(codec, {
      project: (event) => messageDecider.project(event).filter((mutation) => !isLeft(mutation)),
    })
}
