import type { PeerId, UserId } from '@heliograph/schemas/avro'
import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import { blocked } from '@heliograph/storage'
import { notifySettingsOf } from '../account/notify.ts'
import { countCommonChats } from '../chats/lists.ts'
import { tlBirthday } from '../contacts/birthdays.ts'
import type { UserView } from '../directory/directory.ts'
import type { UserFacts } from '../directory/facts.ts'
import { isArchived } from '../folders/archive.ts'
import type { CallContext, Handler } from '../handler.ts'
import { ARCHIVE_FOLDER } from '../messages/dialogs/dialog-peer.ts'
import { inputUserId } from '../peers.ts'
import { fullName, isClosedTo, letsBy } from '../privacy/ask.ts'
import { peerSettings } from '../render/peer-settings.ts'
import { renderUser, shownPhoto } from '../render/user.ts'
import { isBarHidden } from '../reports/bar.ts'
import { privateTimer } from '../scheduled/timer.ts'
import { chatTheme, chatWallPaper } from '../themes/index.ts'
import { type StampServices, stamped } from '../upload/stamp.ts'
import { ownPage } from './own-page.ts'

/** Users that one call may name. */
export const MAX_USERS_PER_CALL = 1_000

/** One answer for each input, in order; `userEmpty` for those that the caller cannot name so. */
export const getUsers: Handler<'users.getUsers'> = async (call, context) => {
  requireFew(call.id)
  const { services, user, now } = context
  const ids = call.id.map((input) => knownId(input, context))
  const valid = ids.filter((id) => id !== undefined)
  const views = await services.directory.views(user, valid)
  let next = 0
  return call.id.map((input, i) => {
    const id = ids[i]
    if (id !== undefined) return renderUser(user, id, views[next++]!, now)
    return { _: 'userEmpty', id: 'userId' in input ? input.userId : 0 }
  })
}

export const getFullUser: Handler<'users.getFullUser'> = async (call, context) => {
  const { services, user, now } = context
  const id = inputUserId(call.id, context)
  const [views, blockedRow, notifySettings, commonChatsCount, ttlPeriod, theme, wallpaper, ...own] =
    await Promise.all([
      services.directory.views(user, [id]),
      services.tables.get(blocked, { userId: user, peerId: id }),
      notifySettingsOf(services, user, id as number as PeerId),
      countCommonChats(context, id),
      privateTimer(context, id),
      chatTheme(context, id as number as PeerId),
      chatWallPaper(context, id as number as PeerId),
      isBarHidden(context, id as number as PeerId),
      isArchived(services, user, id as number as PeerId),
      ownPage(context, id),
    ])
  const [barHidden, archived, page] = own
  const view = views[0]!
  if (view.facts === undefined) throw new RpcError(400, 'USER_ID_INVALID')
  const isBlocked = blockedRow !== undefined
  return {
    _: 'users.userFull',
    fullUser: {
      _: 'userFull',
      id,
      ...shownOf(view, view.facts, user, services),
      ...(isBlocked && { blocked: true }),
      canPinMessage: true,
      settings: barHidden ? { _: 'peerSettings' } : peerSettings(user, id, view, isBlocked),
      ...(archived && { folderId: ARCHIVE_FOLDER }),
      notifySettings,
      commonChatsCount,
      ...(ttlPeriod > 0 && { ttlPeriod }),
      ...(theme && { theme }),
      ...(wallpaper && { wallpaper }),
      ...page.fields,
    },
    chats: page.chats,
    users: [renderUser(user, id, view, now)],
  }
}

/** What of a user's page the user's privacy rules let the viewer see, and may do. */
function shownOf(
  view: UserView,
  facts: UserFacts,
  viewer: UserId,
  services: StampServices,
): Partial<Mutable<Tl<'userFull'>>> {
  const shown: Partial<Mutable<Tl<'userFull'>>> = {}
  const { birthday, about, privacy } = facts
  const photo = shownPhoto(view, viewer)
  if (photo !== undefined) shown.profilePhoto = stamped(services, viewer, photo)
  const personal = view.relation.personalPhoto
  if (personal !== undefined) shown.personalPhoto = stamped(services, viewer, personal)
  if (about !== '' && letsBy(view, viewer, 'About')) shown.about = about
  if (birthday !== null && letsBy(view, viewer, 'Birthday')) shown.birthday = tlBirthday(birthday)
  const note = view.relation.card?.note
  if (note) shown.note = { _: 'textWithEntities', text: note, entities: [] }
  if (facts.id === viewer) return shown
  if (!letsBy(view, viewer, 'VoiceMessages')) shown.voiceMessagesForbidden = true
  if (!letsBy(view, viewer, 'PhoneCall')) shown.phoneCallsPrivate = true
  if (!letsBy(view, viewer, 'Forwards')) shown.privateForwardName = fullName(facts)
  if (isClosedTo(view, viewer)) shown.contactRequirePremium = true
  if (privacy?.global.hideReadMarks) shown.readDatesPrivate = true
  return shown
}

/** What somebody asks for before being written to: to be a contact, which clients know as a subscription. */
export const getRequirementsToContact: Handler<'users.getRequirementsToContact'> = async (call, context) => {
  requireFew(call.id)
  const { services, user } = context
  const ids = call.id.map((input) => inputUserId(input, context))
  const views = await services.directory.views(user, ids)
  return views.map((view) =>
    isClosedTo(view, user) ? { _: 'requirementToContactPremium' } : { _: 'requirementToContactEmpty' },
  )
}

function requireFew(inputs: readonly unknown[]): void {
  if (inputs.length > MAX_USERS_PER_CALL) throw new RpcError(400, 'LIMIT_INVALID')
}

function knownId(input: TlType<'InputUser'>, context: CallContext): UserId | undefined {
  try {
    return inputUserId(input, context)
  } catch (error) {
    if (error instanceof RpcError) return undefined
    throw error
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
