import type { AbsentCase } from './absent-case.ts'
import { ACCOUNTS_CANNOT_OCCUR } from './cannot-occur-accounts.ts'
import { CHANNELS_CANNOT_OCCUR } from './cannot-occur-channels.ts'
import { MESSAGES_CANNOT_OCCUR } from './cannot-occur-messages.ts'

/** Errors that the schema data names, and whose case does not exist on this server: what stands here is not tested. */
export const CANNOT_OCCUR: readonly AbsentCase[] = [
  {
    methods: '*',
    errors: [
      'BOT_CHANNELS_NA',
      'BOT_GROUPS_BLOCKED',
      'BOTS_TOO_MUCH',
      'USER_BOT',
      'FROM_MESSAGE_BOT_DISABLED',
    ],
    reason: 'no account is a bot',
  },
  { methods: '*', errors: ['USER_RESTRICTED'], reason: 'no account is restricted for reports of spam' },
  { methods: '*', errors: ['USERNAME_PURCHASE_AVAILABLE'], reason: 'usernames are not sold' },
  {
    methods: '*',
    errors: ['CDN_METHOD_INVALID'],
    reason: 'there is one data centre, and none for content alone',
  },
  {
    methods: '*',
    errors: ['CHANNEL_PUBLIC_GROUP_NA'],
    reason: 'no public chat is kept from anybody by region or law',
  },
  {
    methods: '*',
    errors: ['CHANNELS_ADMIN_LOCATED_TOO_MUCH'],
    reason: 'no group has a place: those with one do not exist',
  },
  ...CHANNELS_CANNOT_OCCUR,
  ...MESSAGES_CANNOT_OCCUR,
  { methods: '*', errors: ['PHONE_NUMBER_BANNED'], reason: 'no number is banned' },
  ...ACCOUNTS_CANNOT_OCCUR,
]
