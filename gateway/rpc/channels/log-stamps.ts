import type { TlType } from '@heliograph/schemas/tl'
import type { LogAction } from '../chats/sealed.ts'
import { type StampServices, stamped, stampedMedia } from '../upload/stamp.ts'

/** An action of the log with its photos, and those of its messages, as the viewer may name them from now on. */
export function stampedAction(services: StampServices, viewer: number, action: LogAction): LogAction {
  const photo = (value: TlType<'Photo'>) => stamped(services, viewer, value)
  const message = (value: TlType<'Message'>): TlType<'Message'> =>
    value._ === 'message' && value.media !== undefined
      ? { ...value, media: stampedMedia(services, viewer, value.media) }
      : value
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
