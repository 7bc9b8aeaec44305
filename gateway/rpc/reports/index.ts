import { type Handlers, works } from '../handler.ts'
import { getPeerSettings, hidePeerSettingsBar } from './bar.ts'
import { report, reportPeer, reportProfilePhoto, reportReaction, reportSpam } from './report.ts'

export const reportsHandlers: Handlers = {
  'messages.getPeerSettings': works(getPeerSettings),
  'messages.hidePeerSettingsBar': works(hidePeerSettingsBar),
  'messages.report': works(report),
  'messages.reportReaction': works(reportReaction),
  'messages.reportSpam': works(reportSpam),
  'account.reportPeer': works(reportPeer),
  'account.reportProfilePhoto': works(reportProfilePhoto),
}
