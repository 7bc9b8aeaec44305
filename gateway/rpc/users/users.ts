import type { PeerId, UserId } from '@heliograph/schemas/avro'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import { blocked } from '@heliograph/storage'
import { notifySettingsOf } from '../account/notify.ts'
import type { CallContext, Handler } from '../handler.ts'
import { inputUserId } from '../peers.ts'
import { peerSettings } from '../render/peer-settings.ts'
import { renderUser } from '../render/user.ts'

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
  const [views, blockedRow, notifySettings] = await Promise.all([
    services.directory.views(user, [id]),
    services.tables.get(blocked, { userId: user, peerId: id }),
    notifySettingsOf(services, user, id as number as PeerId),
  ])
  const view = views[0]!
  if (view.facts === undefined) throw new RpcError(400, 'USER_ID_INVALID')
  const isBlocked = blockedRow !== undefined
  return {
    _: 'users.userFull',
    fullUser: {
      _: 'userFull',
      id,
      ...(view.facts.about !== '' && { about: view.facts.about }),
      ...(isBlocked && { blocked: true }),
      canPinMessage: true,
      settings: peerSettings(user, id, view, isBlocked),
      notifySettings,
      commonChatsCount: 0,
    },
    chats: [],
    users: [renderUser(user, id, view, now)],
  }
}

/** Nobody asks for anything before being written to. */
export const getRequirementsToContact: Handler<'users.getRequirementsToContact'> = (call, context) => {
  requireFew(call.id)
  for (const input of call.id) inputUserId(input, context)
  return call.id.map(() => ({ _: 'requirementToContactEmpty' }))
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
