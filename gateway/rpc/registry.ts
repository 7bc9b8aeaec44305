import type { MethodName } from '@heliograph/schemas/tl'
import { accountHandlers } from './account/index.ts'
import { musicHandlers } from './account/music.ts'
import { pageHandlers } from './account/page.ts'
import { authHandlers } from './auth/index.ts'
import { channelsHandlers } from './channels/index.ts'
import { channelMessagesHandlers } from './channels/messages/index.ts'
import { chatlistsHandlers } from './chatlists/index.ts'
import { contactsHandlers } from './contacts/index.ts'
import { emptyHandlers } from './empty/index.ts'
import { foldersHandlers } from './folders/index.ts'
import type { Handlers } from './handler.ts'
import { helpHandlers } from './help/index.ts'
import { langpackHandlers } from './langpack/index.ts'
import { locationsHandlers } from './locations/index.ts'
import { messagesHandlers } from './messages/index.ts'
import { photosHandlers } from './photos/index.ts'
import { pollsHandlers } from './polls/index.ts'
import { reactionsHandlers } from './reactions/index.ts'
import { reportsHandlers } from './reports/index.ts'
import { scheduledHandlers } from './scheduled/index.ts'
import { statsHandlers } from './stats/index.ts'
import { stickersHandlers } from './stickers/index.ts'
import { themesHandlers } from './themes/index.ts'
import { threadsHandlers } from './threads/index.ts'
import { todoHandlers } from './todo/index.ts'
import { topicsHandlers } from './topics/index.ts'
import { updatesHandlers } from './updates/index.ts'
import { uploadHandlers } from './upload/index.ts'
import { usersHandlers } from './users/index.ts'
import { viewsHandlers } from './views/index.ts'
import { webPageHandlers } from './web-page/index.ts'

/** The parts of the registry; no method stands in two of them. */
export const handlerGroups: readonly Handlers[] = [
  authHandlers,
  accountHandlers,
  usersHandlers,
  contactsHandlers,
  helpHandlers,
  langpackHandlers,
  messagesHandlers,
  foldersHandlers,
  reportsHandlers,
  chatlistsHandlers,
  channelMessagesHandlers,
  scheduledHandlers,
  locationsHandlers,
  threadsHandlers,
  topicsHandlers,
  channelsHandlers,
  reactionsHandlers,
  pollsHandlers,
  viewsHandlers,
  themesHandlers,
  musicHandlers,
  pageHandlers,
  todoHandlers,
  webPageHandlers,
  statsHandlers,
  stickersHandlers,
  photosHandlers,
  updatesHandlers,
  uploadHandlers,
  emptyHandlers,
]

/** Every method that is answered; what is not here is refused. Importing it starts nothing. */
export const handlers: Handlers = Object.assign({}, ...handlerGroups)

/** Methods that never reach the registry: the session layer unwraps or answers them itself. */
export const answeredBySession: readonly MethodName[] = [
  'invokeAfterMsg',
  'invokeAfterMsgs',
  'initConnection',
  'invokeWithLayer',
  'invokeWithoutUpdates',
  'invokeWithMessagesRange',
  'invokeWithTakeout',
  'invokeWithBusinessConnection',
  'invokeWithGooglePlayIntegrity',
  'invokeWithApnsSecret',
  'invokeWithReCaptcha',
  'auth.bindTempAuthKey',
]
