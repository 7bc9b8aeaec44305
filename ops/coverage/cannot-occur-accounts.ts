import { absentCases } from './absent-case.ts'

/** Of log-ins and accounts. */
export const ACCOUNTS_CANNOT_OCCUR = absentCases({
  'there is no register of applications': {
    'auth.*': ['API_ID_PUBLISHED_FLOOD'],
  },
  'every application may sign up, and codes are shown to the operator: no text message can fail': {
    'auth.sendCode': [
      'PHONE_NUMBER_APP_SIGNUP_FORBIDDEN',
      'SMS_CODE_CREATE_FAILED',
      'PHONE_PASSWORD_PROTECTED',
    ],
  },
  'no account is a bot': {
    'auth.importBotAuthorization': ['ACCESS_TOKEN_EXPIRED'],
  },
  'what is known of a log-in stands in one entry: it is there, or the log-in has ended by PHONE_CODE_EXPIRED':
    {
      'auth.*': ['AUTH_RESTART'],
    },
  'what fails within the server is told alike for every method: STORE_UNAVAILABLE, LOG_UNAVAILABLE, INTERNAL':
    {
      'auth.signIn': ['SIGN_IN_FAILED'],
    },
  'who has no account yet is answered auth.authorizationSignUpRequired, which every layer served here has': {
    'auth.signIn': ['PHONE_NUMBER_UNOCCUPIED'],
  },
  'it asks for no code: who asks for too many is told by auth.sendCode': {
    'auth.signUp': ['PHONE_NUMBER_FLOOD'],
  },
  'it takes no code, only the hash of one: PHONE_CODE_HASH_EMPTY': {
    'auth.resendCode': ['PHONE_CODE_EMPTY'],
  },
  'the way that codes go is not used up: it is there again until PHONE_NUMBER_FLOOD': {
    'auth.resendCode': ['SEND_CODE_UNAVAILABLE'],
  },
  'that a name is taken is the answer, not an error': {
    'account.checkUsername': ['USERNAME_OCCUPIED'],
  },
  'it names no address: that was looked at when its code was asked for': {
    'account.verifyEmail': ['EMAIL_INVALID'],
  },
  'who somebody is, and that it is online, is written in no chat': {
    'account.update*': ['CHAT_WRITE_FORBIDDEN'],
  },
  'everybody may change it': {
    'account.setContentSettings': ['SENSITIVE_CHANGE_FORBIDDEN'],
  },
  'everybody may have strangers archived': {
    'account.setGlobalPrivacySettings': ['AUTOARCHIVE_NOT_AVAILABLE'],
  },
  'every key that the schema has is known': {
    'account.*': ['PRIVACY_KEY_INVALID'],
  },
})
