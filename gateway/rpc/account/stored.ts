import type { UserId } from '@heliograph/schemas/avro'
import type { Tl } from '@heliograph/schemas/tl'
import type { Handler } from '../handler.ts'
import type { Services } from '../services.ts'
import { readSetting, readTlSetting, writeSetting, writeTlSetting } from '../settings.ts'

/** Small settings that the server keeps and gives back. */

const REACTIONS = 'reactions-notify'
const CONTENT = 'sensitive-content'
const SIGN_UP = 'contact-sign-up-silent'

const YES = Buffer.from([1])

const REACTIONS_DEFAULT: Tl<'reactionsNotifySettings'> = {
  _: 'reactionsNotifySettings',
  messagesNotifyFrom: { _: 'reactionNotificationsFromContacts' },
  storiesNotifyFrom: { _: 'reactionNotificationsFromContacts' },
  sound: { _: 'notificationSoundDefault' },
  showPreviews: true,
}

export const getReactionsNotifySettings: Handler<'account.getReactionsNotifySettings'> = async (_, context) =>
  (await readTlSetting(context.services, context.user, REACTIONS, 'reactionsNotifySettings')) ??
  REACTIONS_DEFAULT

export const setReactionsNotifySettings: Handler<'account.setReactionsNotifySettings'> = async (
  call,
  context,
) => {
  await writeTlSetting(context, REACTIONS, call.settings)
  return call.settings
}

export const getContentSettings: Handler<'account.getContentSettings'> = async (_, context) => {
  const enabled = await readSetting(context.services, context.user, CONTENT)
  return {
    _: 'account.contentSettings',
    sensitiveCanChange: true,
    ...(enabled && { sensitiveEnabled: true }),
  }
}

export const setContentSettings: Handler<'account.setContentSettings'> = async (call, context) => {
  await writeSetting(context, CONTENT, call.sensitiveEnabled ? YES : null)
  return true
}

/** True where the user does not want to hear that contacts signed up. */
export const getContactSignUpNotification: Handler<'account.getContactSignUpNotification'> = async (
  _,
  context,
) => isSilentAboutSignUps(context.services, context.user)

/** Whether a user does not want to hear that contacts signed up. */
export async function isSilentAboutSignUps(
  services: Pick<Services, 'tables' | 'keyring'>,
  userId: UserId,
): Promise<boolean> {
  return (await readSetting(services, userId, SIGN_UP)) !== undefined
}

export const setContactSignUpNotification: Handler<'account.setContactSignUpNotification'> = async (
  call,
  context,
) => {
  await writeSetting(context, SIGN_UP, call.silent ? YES : null)
  return true
}
