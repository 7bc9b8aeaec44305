import type { Tl, TlType } from '@heliograph/schemas/tl'
import type { LogAction } from '../chats/sealed.ts'
import { type StampServices, stamped, stampedMedia } from '../upload/stamp.ts'

/** An action of the log with its photos and messages as the viewer sees them: its own messages as such, all files as it may name them. */
export function stampedAction(services: StampServices, viewer: number, action: LogAction): LogAction {
  const photo = (value: TlType<'Photo'>) => stamped(services, viewer, value)
  const message = (value: TlType<'Message'>): TlType<'Message'> => {
    if (value._ === 'messageEmpty') return value
    const seen = isFrom(viewer, value) ? { ...value, out: true } : value
    return seen._ === 'message' && seen.media !== undefined
      ? { ...seen, media: stampedMedia(services, viewer, seen.media) }
      : seen
  }
  switch (action._) {
    case 'channelAdminLogEventActionChangePhoto':
      return { ...action, prevPhoto: photo(action.prevPhoto), newPhoto: photo(action.newPhoto) }
    case 'channelAdminLogEventActionEditMessage':
      return {
        ...action,
        prevMessage: message(action.prevMessage),
        newMessage: message(action.newMessage),
      }
    case 'channelAdminLogEventActionDeleteMessage':
    case 'channelAdminLogEventActionUpdatePinned':
    case 'channelAdminLogEventActionStopPoll':
    case 'channelAdminLogEventActionSendMessage':
      return { ...action, message: message(action.message) }
    default:
      return action
  }
}

const isFrom = (viewer: number, { fromId }: Pick<Tl<'message'>, 'fromId'>): boolean =>
  fromId?._ === 'peerUser' && fromId.userId === viewer
