import type { AbsentCase } from './absent-case.ts'

/** Of log-ins and accounts. */
export const ACCOUNTS_CANNOT_OCCUR: readonly AbsentCase[] = [
  {
    methods: 'auth.*',
    errors: ['API_ID_PUBLISHED_FLOOD'],
    reason: 'there is no register of applications',
  },
  {
    methods: 'auth.sendCode',
    errors: ['PHONE_NUMBER_APP_SIGNUP_FORBIDDEN', 'SMS_CODE_CREATE_FAILED', 'PHONE_PASSWORD_PROTECTED'],
    reason: 'every application may sign up, and codes are shown to the operator: no text message can fail',
  },
  {
    methods: 'auth.importBotAuthorization',
    errors: ['ACCESS_TOKEN_EXPIRED'],
    reason: 'no account is a bot',
  },
  {
    methods: 'auth.*',
    errors: ['AUTH_RESTART'],
    reason:
      'what is known of a log-in stands in one entry: it is there, or the log-in has ended by PHONE_CODE_EXPIRED',
  },
  {
    methods: 'auth.signIn',
    errors: ['SIGN_IN_FAILED'],
    reason:
      'what fails within the server is told alike for every method: STORE_UNAVAILABLE, LOG_UNAVAILABLE, INTERNAL',
  },
  {
    methods: 'auth.signIn',
    errors: ['PHONE_NUMBER_UNOCCUPIED'],
    reason:
      'who has no account yet is answered auth.authorizationSignUpRequired, which every layer served here has',
  },
  {
    methods: 'auth.signUp',
    errors: ['PHONE_NUMBER_FLOOD'],
    reason: 'it asks for no code: who asks for too many is told by auth.sendCode',
  },
  {
    methods: 'auth.resendCode',
    errors: ['PHONE_CODE_EMPTY'],
    reason: 'it takes no code, only the hash of one: PHONE_CODE_HASH_EMPTY',
  },
  {
    methods: 'auth.resendCode',
    errors: ['SEND_CODE_UNAVAILABLE'],
    reason: 'the way that codes go is not used up: it is there again until PHONE_NUMBER_FLOOD',
  },
  {
    methods: 'account.checkUsername',
    errors: ['USERNAME_OCCUPIED'],
    reason: 'that a name is taken is the answer, not an error',
  },
  {
    methods: 'account.verifyEmail',
    errors: ['EMAIL_INVALID'],
    reason: 'it names no address: that was looked at when its code was asked for',
  },
  {
    methods: 'account.update*',
    errors: ['CHAT_WRITE_FORBIDDEN'],
    reason: 'who somebody is, and that it is online, is written in no chat',
  },
  {
    methods: 'account.setContentSettings',
    errors: ['SENSITIVE_CHANGE_FORBIDDEN'],
    reason: 'everybody may change it',
  },
  {
    methods: 'account.setGlobalPrivacySettings',
    errors: ['AUTOARCHIVE_NOT_AVAILABLE'],
    reason: 'everybody may have strangers archived',
  },
  {
    methods: 'account.*',
    errors: ['PRIVACY_KEY_INVALID'],
    reason: 'every key that the schema has is known',
  },
]
