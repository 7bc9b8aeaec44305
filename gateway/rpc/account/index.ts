import { invalidateSignInCodes } from '../auth/invalidate.ts'
import { type Handlers, open, works } from '../handler.ts'
import { updateBirthday, updateColor, updateEmojiStatus } from './appearance.ts'
import { changeAuthorizationSettings, getAuthorizations, resetAuthorization } from './authorizations.ts'
import { changePhone, sendChangePhoneCode } from './change-phone.ts'
import { confirmPhone, sendConfirmPhoneCode } from './confirm-phone.ts'
import { deleteAccount } from './delete.ts'
import * as downloads from './downloads.ts'
import { sendVerifyEmailCode, verifyEmail } from './login-email.ts'
import { setMainProfileTab } from './main-tab.ts'
import {
  getNotifyExceptions,
  getNotifySettings,
  resetNotifySettings,
  updateNotifySettings,
} from './notify.ts'
import { getPassword, getPasswordSettings, getTmpPassword } from './password/get.ts'
import { declinePasswordReset, resetPassword } from './password/reset.ts'
import {
  cancelPasswordEmail,
  confirmPasswordEmail,
  resendPasswordEmail,
  updatePasswordSettings,
} from './password/update.ts'
import { getGlobalPrivacySettings, getPrivacy, setGlobalPrivacySettings, setPrivacy } from './privacy.ts'
import { checkUsername, updateProfile, updateStatus, updateUsername } from './profile.ts'
import * as stored from './stored.ts'
import { finishTakeoutSession, initTakeoutSession } from './takeout.ts'
import { getAccountTtl, setAccountTtl, setAuthorizationTtl } from './ttl.ts'
import { reorderUsernames, toggleUsername } from './usernames.ts'

export const accountHandlers: Handlers = {
  'account.updateProfile': works(updateProfile, 'profile'),
  'account.checkUsername': works(checkUsername, 'resolve'),
  'account.updateUsername': works(updateUsername, 'profile'),
  'account.updateBirthday': works(updateBirthday, 'profile'),
  'account.updateColor': works(updateColor, 'profile'),
  'account.updateEmojiStatus': works(updateEmojiStatus, 'profile'),
  'account.reorderUsernames': works(reorderUsernames, 'profile'),
  'account.toggleUsername': works(toggleUsername, 'profile'),
  'account.sendChangePhoneCode': works(sendChangePhoneCode, 'code'),
  'account.changePhone': works(changePhone, 'sign-in'),
  'account.deleteAccount': open(deleteAccount, 'sign-in'),
  'account.initTakeoutSession': works(initTakeoutSession, 'profile'),
  'account.finishTakeoutSession': works(finishTakeoutSession),
  'account.updateStatus': works(updateStatus),
  'account.getNotifySettings': works(getNotifySettings),
  'account.updateNotifySettings': works(updateNotifySettings),
  'account.resetNotifySettings': works(resetNotifySettings, 'profile'),
  'account.getNotifyExceptions': works(getNotifyExceptions),
  'account.getPrivacy': works(getPrivacy),
  'account.setPrivacy': works(setPrivacy),
  // Each answer costs an exponentiation.
  'account.getPassword': open(getPassword, 'resolve'),
  'account.getPasswordSettings': works(getPasswordSettings, 'sign-in'),
  'account.getTmpPassword': works(getTmpPassword, 'sign-in'),
  'account.updatePasswordSettings': works(updatePasswordSettings, 'sign-in'),
  'account.confirmPasswordEmail': works(confirmPasswordEmail, 'sign-in'),
  'account.resendPasswordEmail': works(resendPasswordEmail, 'code'),
  'account.cancelPasswordEmail': works(cancelPasswordEmail),
  'account.resetPassword': works(resetPassword, 'profile'),
  'account.declinePasswordReset': works(declinePasswordReset),
  'account.sendVerifyEmailCode': open(sendVerifyEmailCode, 'code'),
  'account.verifyEmail': open(verifyEmail, 'sign-in'),
  'account.getAuthorizations': works(getAuthorizations),
  'account.resetAuthorization': works(resetAuthorization),
  'account.changeAuthorizationSettings': works(changeAuthorizationSettings),
  'account.setAuthorizationTTL': works(setAuthorizationTtl),
  'account.getGlobalPrivacySettings': works(getGlobalPrivacySettings),
  'account.setGlobalPrivacySettings': works(setGlobalPrivacySettings),
  'account.getReactionsNotifySettings': works(stored.getReactionsNotifySettings),
  'account.setReactionsNotifySettings': works(stored.setReactionsNotifySettings),
  'account.getContentSettings': works(stored.getContentSettings),
  'account.setContentSettings': works(stored.setContentSettings),
  'account.getContactSignUpNotification': works(stored.getContactSignUpNotification),
  'account.setContactSignUpNotification': works(stored.setContactSignUpNotification),
  'account.getAutoDownloadSettings': works(downloads.getAutoDownloadSettings),
  'account.saveAutoDownloadSettings': works(downloads.saveAutoDownloadSettings),
  'account.getAutoSaveSettings': works(downloads.getAutoSaveSettings),
  'account.saveAutoSaveSettings': works(downloads.saveAutoSaveSettings),
  'account.deleteAutoSaveExceptions': works(downloads.deleteAutoSaveExceptions, 'profile'),
  'account.invalidateSignInCodes': works(invalidateSignInCodes),
  'account.sendConfirmPhoneCode': works(sendConfirmPhoneCode, 'code'),
  'account.confirmPhone': works(confirmPhone, 'sign-in'),
  'account.setMainProfileTab': works(setMainProfileTab, 'profile'),
  'account.getAccountTTL': works(getAccountTtl),
  'account.setAccountTTL': works(setAccountTtl),
}
