import { type Handlers, open, openEmpty, works } from '../handler.ts'
import { getAppConfig } from './app-config.ts'
import { getCdnConfig, getConfig, getNearestDc } from './config.ts'
import { getCountriesList } from './countries.ts'
import * as notices from './notices.ts'
import { getTimezonesList } from './timezones.ts'

export const helpHandlers: Handlers = {
  'help.getConfig': open(getConfig),
  'help.getNearestDc': open(getNearestDc),
  'help.getAppConfig': open(getAppConfig),
  'help.getCdnConfig': openEmpty(getCdnConfig),
  'help.getCountriesList': open(getCountriesList),
  'help.getTimezonesList': open(getTimezonesList),
  'help.getInviteText': open(notices.getInviteText),
  'help.getSupport': works(notices.getSupport),
  'help.getSupportName': open(notices.getSupportName),
  'help.getUserInfo': openEmpty(notices.getUserInfo),
  'help.getPeerColors': open(notices.getPeerColors),
  'help.getPeerProfileColors': openEmpty(notices.getPeerProfileColors),
  'help.getTermsOfServiceUpdate': openEmpty(notices.getTermsOfServiceUpdate),
  'help.acceptTermsOfService': openEmpty(notices.acceptTermsOfService),
  'help.getPromoData': openEmpty(notices.getPromoData),
  'help.hidePromoData': openEmpty(() => true),
  'help.dismissSuggestion': openEmpty(() => true),
  'help.getAppUpdate': openEmpty(() => ({ _: 'help.noAppUpdate' })),
  'help.saveAppLog': openEmpty(() => true),
  'help.getRecentMeUrls': openEmpty(() => ({ _: 'help.recentMeUrls', urls: [], chats: [], users: [] })),
  'help.getDeepLinkInfo': openEmpty(() => ({ _: 'help.deepLinkInfoEmpty' })),
  'help.getPassportConfig': openEmpty(() => ({
    _: 'help.passportConfig',
    hash: 0,
    countriesLangs: { _: 'dataJSON', data: '{}' },
  })),
  'help.getPremiumPromo': openEmpty(() => ({
    _: 'help.premiumPromo',
    statusText: '',
    statusEntities: [],
    videoSections: [],
    videos: [],
    periodOptions: [],
    users: [],
  })),
}
