import { type Handlers, open, openEmpty, works } from '../handler.ts'
import { cancelCode, resendCode, sendCode } from './code.ts'
import { dropTempAuthKeys, logOut, resetAuthorizations } from './log-out.ts'
import { acceptLoginToken, exportLoginToken, importLoginToken } from './login-token.ts'
import { refuse } from './refusals.ts'
import { signIn, signUp } from './sign-in.ts'
import { exportAuthorization, importAuthorization } from './transfer.ts'

export const authHandlers: Handlers = {
  'auth.sendCode': open(sendCode, 'code'),
  'auth.resendCode': open(resendCode, 'code'),
  'auth.cancelCode': open(cancelCode),
  'auth.signIn': open(signIn, 'sign-in'),
  'auth.signUp': open(signUp, 'sign-in'),
  'auth.logOut': open(logOut),
  'auth.resetAuthorizations': works(resetAuthorizations, 'profile'),
  'auth.dropTempAuthKeys': openEmpty(dropTempAuthKeys),
  'auth.exportAuthorization': works(exportAuthorization),
  'auth.importAuthorization': open(importAuthorization, 'sign-in'),
  'auth.exportLoginToken': open(exportLoginToken),
  'auth.importLoginToken': open(importLoginToken, 'sign-in'),
  'auth.acceptLoginToken': works(acceptLoginToken, 'sign-in'),
  // No account has a password, and there are no bots yet.
  'auth.checkPassword': openEmpty(refuse('PASSWORD_HASH_INVALID'), 'sign-in'),
  'auth.requestPasswordRecovery': openEmpty(refuse('PASSWORD_EMPTY')),
  'auth.recoverPassword': openEmpty(refuse('PASSWORD_EMPTY')),
  'auth.checkRecoveryPassword': openEmpty(refuse('PASSWORD_EMPTY')),
  'auth.importBotAuthorization': openEmpty(refuse('ACCESS_TOKEN_INVALID'), 'sign-in'),
}
