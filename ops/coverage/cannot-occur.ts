import { type AbsentCase, absentCases } from './absent-case.ts'
import { ACCOUNTS_CANNOT_OCCUR } from './cannot-occur-accounts.ts'
import { CHANNELS_CANNOT_OCCUR } from './cannot-occur-channels.ts'
import { MESSAGES_CANNOT_OCCUR } from './cannot-occur-messages.ts'

/** Of methods of several namespaces. */
const EVERYWHERE = absentCases({
  'no account is a bot': {
    '*': ['BOT_CHANNELS_NA', 'BOT_GROUPS_BLOCKED', 'BOTS_TOO_MUCH', 'USER_BOT', 'FROM_MESSAGE_BOT_DISABLED'],
  },
  'no account is restricted for reports of spam': {
    '*': ['USER_RESTRICTED'],
  },
  'usernames are not sold': {
    '*': ['USERNAME_PURCHASE_AVAILABLE'],
  },
  'there is one data centre, and none for content alone': {
    '*': ['CDN_METHOD_INVALID'],
  },
  'no public chat is kept from anybody by region or law': {
    '*': ['CHANNEL_PUBLIC_GROUP_NA'],
  },
  'no group has a place: those with one do not exist': {
    '*': ['CHANNELS_ADMIN_LOCATED_TOO_MUCH'],
  },
  'no number is banned': {
    '*': ['PHONE_NUMBER_BANNED'],
  },
})

/** Errors that the schema data names, and whose case does not exist on this server: what stands here is not tested. */
export const CANNOT_OCCUR: readonly AbsentCase[] = [
  ...EVERYWHERE,
  ...CHANNELS_CANNOT_OCCUR,
  ...MESSAGES_CANNOT_OCCUR,
  ...ACCOUNTS_CANNOT_OCCUR,
]
