import {
  type ChangeCollection,
  type CollectionChange,
  collectionKey,
  type PeerId,
  type UserId,
} from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'
import { isCollected, type Named, shownNames } from '../directory/usernames.ts'
import type { CallContext } from '../handler.ts'

/** Asks the actor of the names that a user or channel was given for a change. @throws RpcError as it rejects */
export async function changeCollection(
  { services, caller }: Pick<CallContext, 'services' | 'caller'>,
  owner: UserId | PeerId,
  change: CollectionChange,
  usernames: readonly string[],
): Promise<void> {
  const userId = owner as UserId
  const command: ChangeCollection = { type: 'ChangeCollection', userId, change, usernames: [...usernames] }
  await services.commands.ask('account.commands', collectionKey(userId), command, caller)
}

/** Shows or hides a name that the owner was given. The chosen one is always shown. @throws RpcError */
export async function toggle(
  context: CallContext,
  owner: UserId | PeerId,
  facts: Named,
  { username, active }: { readonly username: string; readonly active: boolean },
): Promise<void> {
  const name = username.toLowerCase()
  if (name === facts.username?.toLowerCase())
    throw new RpcError(400, active ? 'USERNAME_NOT_MODIFIED' : 'USERNAME_INVALID')
  if (!isCollected(facts, name)) throw new RpcError(400, 'USERNAME_INVALID')
  await changeCollection(context, owner, active ? 'show' : 'hide', [name])
}

/** Puts the shown names in this order, which must name each of them once. @throws RpcError */
export async function reorder(
  context: CallContext,
  owner: UserId | PeerId,
  facts: Named,
  order: readonly string[],
): Promise<void> {
  const wanted = order.map((name) => name.toLowerCase())
  const shown = shownNames(facts).map((name) => name.toLowerCase())
  const isOrder = wanted.length === shown.length && shown.every((name) => wanted.includes(name))
  if (!isOrder) throw new RpcError(400, 'ORDER_INVALID')
  if (wanted.join(' ') === shown.join(' ')) throw new RpcError(400, 'USERNAME_NOT_MODIFIED')
  await changeCollection(context, owner, 'order', wanted)
}
