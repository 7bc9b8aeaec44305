import type { ChatEvent, MembersChanged, MessageSent } from '@heliograph/schemas/avro'

/** What events of groups and channels say, in lines that the model tells as well. Fields that only serve features are left to the replay. */

/** Bytes as text, one character each, for comparison. */
export const textOf = (bytes: Buffer): string => bytes.toString('latin1')

const sorted = (ids: readonly number[]): number[] => [...ids].sort((a, b) => a - b)

export function linesOf(event: ChatEvent): string[] {
  switch (event.type) {
    case 'MembersChanged':
      return [membersLine(event)]
    case 'ChatChanged': {
      const { info, change, byUserId } = event
      const { profile, username, flags, defaultBanned, slowModeSeconds, ttlSeconds, version } = info
      const { reactions, reactionsLimit, migratedTo } = info
      const looks = `${textOf(profile)} ${username} [${[...flags].sort()}]`
      const said = `says ${reactions} ${reactionsLimit}`
      const limits = `${defaultBanned} ${slowModeSeconds} ${ttlSeconds}`
      return [`chat ${change} by ${byUserId}: ${looks} ${limits} ${said} to ${migratedTo} v${version}`]
    }
    case 'InvitePut': {
      const { hash, usage, requested, revoked } = event.invite
      return [`link ${hash} ${usage} ${requested} ${revoked} instead of ${event.replaced?.hash ?? 'none'}`]
    }
    case 'InvitesDeleted':
      return [`links of ${event.adminId} gone: ${event.hashes}`]
    case 'RequestsAnswered':
      return [`answered ${event.approved}: [${event.userIds}] by [${event.invites}]`]
    case 'JoinRequested':
      return [`asked ${event.userId} by "${event.invite}"`]
    case 'OutboxRead':
      return [marksLine(event.topReaderId, event.topReadSeq, event.secondReadSeq)]
    default:
      return messageLines(event) ?? sayingLines(event) ?? laterLines(event)
  }
}

/** Of two who have read as far as each other either may be named first: nobody sees which. */
export function marksLine(reader: number, first: number, second: number): string {
  return first === second ? `marks ${first} twice` : `marks ${first} by ${reader}, ${second}`
}

function membersLine({ change, byUserId, changes, info }: MembersChanged): string {
  const members = changes.map(({ before, wasIn, member }) => {
    const { peerId, status, isIn, rights, banned, untilDate, inviterId, actorId, minSeq } = member
    const now = `${status} ${isIn} ${rights} ${banned} ${untilDate} ${minSeq}`
    return `${peerId} from ${before} ${wasIn} to ${now} by ${inviterId} ${actorId}`
  })
  const counts = `${info.participants} ${info.kicked} ${info.banned}`
  const lists = `[${info.members}] [${sorted(info.adminIds)}]`
  return `members ${change} by ${byUserId}: ${members.join(', ')}; ${counts} ${lists} v${info.version}`
}

function messageLines(event: ChatEvent): string[] | undefined {
  switch (event.type) {
    case 'MessageSent':
      return [sentLine(event)]
    case 'SendRepeated':
      return [`repeated ${event.seq} by ${event.senderId} pts ${event.pts ?? 0}`]
    case 'MessageEdited':
      return [
        `edited ${event.seq} by ${event.editorId} for [${event.keptBy}] ${textOf(event.sealed)} pts ${event.pts}`,
      ]
    case 'MessagesDeleted': {
      const gone = event.messages.map(({ seq, lostBy, keptBy }) => `${seq} of [${lostBy}] not [${keptBy}]`)
      return [
        `deleted by ${event.byUserId}: ${gone.join(', ')} pts ${event.pts} unpinned [${event.unpinned ?? []}]`,
      ]
    }
    case 'HistoryRead':
      return [`read ${event.readerId} ${event.upToSeq}${event.marks === null ? ' outside' : ''}`]
    case 'MessagesPinned': {
      const told = event.messages.map(({ seq, told }) => `${seq} for [${told}]`)
      return [`pinned ${event.pinned} by ${event.byUserId}: ${told.join(', ')} pts ${event.pts}`]
    }
    case 'MentionsRead':
      return [`seen by ${event.userId}: [${event.seqs}]`]
    default:
      return undefined
  }
}

function sayingLines(event: ChatEvent): string[] | undefined {
  switch (event.type) {
    case 'ReactionsChanged': {
      const { reactions, seq, userId, date, counts, authorId } = event
      const all = counts.map(({ reaction, count }) => `${count}:${reaction}`)
      return [`said ${reactions} to ${seq} by ${userId} at ${date}: ${all} author ${authorId}`]
    }
    case 'ReactionsRead':
      return [`heard ${event.kind} by ${event.userId}: [${event.seqs}]`]
    case 'PollVoted': {
      const { options, seq, userId, date, counts, voters } = event
      return [`voted ${options} in ${seq} by ${userId} at ${date}: ${counts} of ${voters}`]
    }
    case 'PollClosed':
      return [`closed ${event.seq} by ${event.byUserId}`]
    case 'ViewsCounted': {
      const totals = event.posts.map(({ seq, views, forwards }) => `${seq}: ${views} ${forwards}`)
      return [`viewed ${totals.join(', ')}`]
    }
    default:
      return undefined
  }
}

function laterLines(event: ChatEvent): string[] {
  switch (event.type) {
    case 'ScheduledPut': {
      const { id, senderId, sealed, dueAt, ids } = event
      return [`scheduled ${id} by ${senderId}: ${textOf(sealed)} due ${dueAt} of [${ids}]`]
    }
    case 'ScheduleRepeated':
      return [`scheduled ${event.id} by ${event.senderId} again`]
    case 'ScheduledGone': {
      const { gone, senderId, sentSeqs, ids } = event
      return [`unscheduled [${gone}] by ${senderId} as [${sentSeqs}] leaves [${ids}]`]
    }
    case 'AlarmsCleared':
      return [`cleared ${event.what} ${event.dueAt} [${event.ids}] of ${event.ownerId}`]
    default:
      return [event.type]
  }
}

function sentLine(event: MessageSent): string {
  const { seq, senderId, members, replyToSeq, sealed, pts, lastOtherSeq, mentioned = [], extra } = event
  const { returned = [], slowed = false, expiresAt, date } = event
  const back = returned.map(({ userId, previousSeq }) => `${userId} after ${previousSeq}`)
  const what = `${extra?.service === true ? 'service ' : ''}${textOf(sealed)}`
  const where = `pts ${pts} behind ${lastOtherSeq} answers ${replyToSeq} names [${sorted(mentioned)}]`
  const when = `at ${date} until ${expiresAt} slowed ${slowed} back [${back}]`
  return `sent ${seq} by ${senderId} to [${members}]: ${what} ${where} ${when}`
}
