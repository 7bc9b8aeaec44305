import type { Tl, TlType } from '@heliograph/schemas/tl'
import type { LogAction } from '../chats/sealed.ts'

type Filter = Tl<'channelAdminLogEventsFilter'>
type Field = Exclude<keyof Filter, '_'>

const PREFIX = 'channelAdminLogEventAction'

/** Which field of the filter an action belongs to, by its name; what is not here is a setting. */
const FIELDS: Readonly<Record<string, Field>> = {
  ParticipantJoin: 'join',
  ParticipantJoinByInvite: 'join',
  ParticipantJoinByRequest: 'join',
  ParticipantLeave: 'leave',
  ParticipantInvite: 'invite',
  ParticipantEditRank: 'editRank',
  ParticipantSubExtend: 'subExtend',
  ChangeTitle: 'info',
  ChangeAbout: 'info',
  ChangePhoto: 'info',
  ChangeUsername: 'info',
  ChangeUsernames: 'info',
  ChangePeerColor: 'info',
  ChangeProfilePeerColor: 'info',
  ChangeWallpaper: 'info',
  ChangeEmojiStatus: 'info',
  UpdatePinned: 'pinned',
  EditMessage: 'edit',
  StopPoll: 'edit',
  DeleteMessage: 'delete',
  SendMessage: 'send',
  ExportedInviteDelete: 'invites',
  ExportedInviteRevoke: 'invites',
  ExportedInviteEdit: 'invites',
  StartGroupCall: 'groupCall',
  DiscardGroupCall: 'groupCall',
  ParticipantMute: 'groupCall',
  ParticipantUnmute: 'groupCall',
  ParticipantVolume: 'groupCall',
  ToggleGroupCallSetting: 'groupCall',
  CreateTopic: 'forums',
  EditTopic: 'forums',
  DeleteTopic: 'forums',
  PinTopic: 'forums',
  ToggleForum: 'forums',
}

/** Whether the filter asks for such actions; without a filter, for all. */
export function matchesFilter(action: LogAction, filter: Filter | undefined): boolean {
  return filter === undefined || fieldsOf(action).some((field) => filter[field] === true)
}

function fieldsOf(action: LogAction): Field[] {
  if (action._ === 'channelAdminLogEventActionParticipantToggleBan') return banFields(action)
  if (action._ === 'channelAdminLogEventActionParticipantToggleAdmin') {
    return [isAdmin(action.newParticipant) ? 'promote' : 'demote']
  }
  return [FIELDS[action._.slice(PREFIX.length)] ?? 'settings']
}

function isAdmin({ _ }: TlType<'ChannelParticipant'>): boolean {
  return _ === 'channelParticipantAdmin' || _ === 'channelParticipantCreator'
}

/** Removing and letting in again are kicks, restricting and lifting are bans. */
function banFields({
  prevParticipant,
  newParticipant,
}: Tl<'channelAdminLogEventActionParticipantToggleBan'>): Field[] {
  if (isRemoved(newParticipant)) return ['kick']
  if (isRemoved(prevParticipant))
    return newParticipant._ === 'channelParticipantBanned' ? ['unkick', 'ban'] : ['unkick']
  return [newParticipant._ === 'channelParticipantBanned' ? 'ban' : 'unban']
}

function isRemoved(participant: TlType<'ChannelParticipant'>): boolean {
  return participant._ === 'channelParticipantBanned' && participant.bannedRights.viewMessages === true
}

/** The words of an action that a search goes through. */
export function textOf(action: LogAction): string {
  const { _, ...fields } = action
  return (Object.values(fields) as unknown[])
    .flatMap((value) => {
      if (typeof value === 'string') return [value]
      if (Array.isArray(value)) return value.filter((item) => typeof item === 'string') as string[]
      const message = value as Partial<Tl<'message'>> | undefined
      return typeof message?.message === 'string' ? [message.message] : []
    })
    .join('\n')
}
