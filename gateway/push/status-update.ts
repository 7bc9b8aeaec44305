import type { Presence, UserId } from '@heliograph/schemas/avro'
import type { Tl } from '@heliograph/schemas/tl'
import type { UserView } from '../rpc/directory/directory.ts'
import { updatesOf } from '../rpc/messages/answers.ts'
import { userStatus } from '../rpc/presence.ts'
import { seesStatus } from '../rpc/privacy/view.ts'
import { nowSeconds, type PushServices } from './mailbox-update.ts'

/** A user's presence as all are told who may know it exactly. */
export function exactStatus(services: PushServices, presence: Presence): Tl<'updates'> {
  const now = nowSeconds(services)
  const status = userStatus(presence, now)
  return updatesOf([{ _: 'updateUserStatus', userId: presence.userId, status }], [], now)
}

/** `exact` for a viewer who may know it. Others are told nothing: a vague form at the right moment would say as much. */
export function statusFor(
  { directory }: PushServices,
  viewer: UserId,
  { userId }: Presence,
  exact: Tl<'updates'>,
): Tl<'updates'> | undefined | Promise<Tl<'updates'> | undefined> {
  const view = directory.cachedView(viewer, userId)
  if (view !== undefined) return mayKnow(view) ? exact : undefined
  return directory.views(viewer, [userId]).then(([loaded]) => (mayKnow(loaded!) ? exact : undefined))
}

/** Of whom there is nothing in the tables yet there are no rules either. */
const mayKnow = ({ facts, own, relation }: UserView): boolean =>
  facts === undefined || (!facts.deleted && seesStatus(facts, own, relation))
