import { RpcError } from '@heliograph/schemas/tl'
import { type Handlers, open, openEmpty, works } from '../handler.ts'
import { cancelCode, resendCode, resetLoginEmail, sendCode } from './code.ts'
import { reportMissingCode } from './invalidate.ts'
import { dropTempAuthKeys, logOut, resetAuthorizations } from './log-out.ts'
import { acceptLoginToken, exportLoginToken, importLoginToken } from './login-token.ts'
import { checkPassword, checkRecoveryPassword, recoverPassword, requestPasswordRecovery } from './password.ts'
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
  'auth.checkPassword': open(checkPassword, 'sign-in'),
  'auth.requestPasswordRecovery': open(requestPasswordRecovery, 'code'),
  'auth.checkRecoveryPassword': open(checkRecoveryPassword, 'sign-in'),
  'auth.recoverPassword': open(recoverPassword, 'sign-in'),
  'auth.reportMissingCode': open(reportMissingCode),
  'auth.resetLoginEmail': open(resetLoginEmail, 'code'),
  // There are no bots yet.
  'auth.importBotAuthorization': openEmpty((call) => {
    throw new RpcError(400, call.apiId <= 0 ? 'API_ID_INVALID' : 'ACCESS_TOKEN_INVALID')
  }, 'sign-in'),
}
