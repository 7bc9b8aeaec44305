import type { UserId } from '@heliograph/schemas/avro'
import { decodeObject, type TlType } from '@heliograph/schemas/tl'
import type { Handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { readSetting, writeTlSetting } from '../settings.ts'

const MAIN_TAB = 'main-profile-tab'

/** Which part of the caller's page its visitors see first. */
export const setMainProfileTab: Handler<'account.setMainProfileTab'> = async ({ tab }, context) => {
  await writeTlSetting(context, MAIN_TAB, tab)
  return true
}

/** The part of a user's page that is shown first; undefined where it has not chosen one. */
export async function mainTab(
  services: Pick<Services, 'tables' | 'keyring'>,
  userId: UserId,
): Promise<TlType<'ProfileTab'> | undefined> {
  const value = await readSetting(services, userId, MAIN_TAB)
  return value && (decodeObject(value) as unknown as TlType<'ProfileTab'>)
}
