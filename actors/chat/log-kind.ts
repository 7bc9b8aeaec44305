import type { GroupEvent, MembersChanged } from '@heliograph/schemas/avro'

/** Changes of a chat that are of its looks; all others are of its settings. */
const LOOKS = new Set([
  'title',
  'about',
  'photo',
  'username',
  'usernames',
  'color',
  'theme',
  'stickers',
  'location',
  'linked',
])

/** Events that may be in the log of administrators. */
export type LoggedEvent = Exclude<GroupEvent, { type: 'OutboxRead' | 'MessagesHanded' }>

/** What an entry of the log of administrators is found under: the names of `channelAdminLogEventsFilter`. */
export function logKind(event: LoggedEvent): string {
  switch (event.type) {
    case 'ChatChanged':
      return LOOKS.has(event.change) ? 'info' : 'settings'
    case 'MembersChanged':
      return membersKind(event)
    default:
      return 'invites'
  }
}

function membersKind({ change, changes }: MembersChanged): string {
  const [first] = changes
  if (first === undefined) return change
  const { before, member } = first
  if (change === 'ban') return banKind(before, member.status)
  if (change === 'admin')
    return member.status === 'admin' || member.status === 'creator' ? 'promote' : 'demote'
  if (change === 'transfer') return 'promote'
  if (change === 'request') return 'invites'
  return change === 'add' ? 'invite' : change
}

function banKind(before: string, after: string): string {
  if (after === 'kicked') return 'kick'
  if (after === 'restricted') return 'ban'
  return before === 'kicked' ? 'unkick' : 'unban'
}
