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
      const looks = `${textOf(profile)} ${username} [${[...flags].sort()}]`
      return [
        `chat ${change} by ${byUserId}: ${looks} ${defaultBanned} ${slowModeSeconds} ${ttlSeconds} v${version}`,
      ]
    }
    case 'InvitePut': {
      const { hash, usage, requested, revoked } = event.invite
      return [`link ${hash} ${usage} ${requested} ${revoked} instead of ${event.replaced?.hash ?? 'none'}`]
    }
    case 'JoinRequested':
      return [`asked ${event.userId} by "${event.invite}"`]
    case 'OutboxRead':
      return [`marks ${event.topReaderId},${event.topReadSeq} ${event.secondReadSeq}`]
    default:
      return messageLines(event)
  }
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

function messageLines(event: ChatEvent): string[] {
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
