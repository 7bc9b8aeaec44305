import type { Named } from '../directory/usernames.ts'
import type { CallContext, Handler } from '../handler.ts'
import { reorder, toggle } from './collection.ts'

/** The caller's own name among those that the operator gave it. */
export const reorderUsernames: Handler<'account.reorderUsernames'> = async (call, context) => {
  await reorder(context, context.user, await ownNames(context), call.order)
  context.services.directory.profileChanged(context.user)
  return true
}

export const toggleUsername: Handler<'account.toggleUsername'> = async (call, context) => {
  await toggle(context, context.user, await ownNames(context), call)
  context.services.directory.profileChanged(context.user)
  return true
}

async function ownNames({ services, user }: CallContext): Promise<Named> {
  services.directory.profileChanged(user)
  return (await services.directory.find(user)) ?? { username: undefined }
}
