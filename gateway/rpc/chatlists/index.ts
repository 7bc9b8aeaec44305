import { type Handlers, works } from '../handler.ts'
import {
  checkChatlistInvite,
  getChatlistUpdates,
  getLeaveChatlistSuggestions,
  hideChatlistUpdates,
  joinChatlistInvite,
  joinChatlistUpdates,
  leaveChatlist,
} from './join.ts'
import {
  deleteExportedInvite,
  editExportedInvite,
  exportChatlistInvite,
  getExportedInvites,
} from './share.ts'

/** Folders that are shared by links (core.telegram.org/api/links#chat-folder-links). */
export const chatlistsHandlers: Handlers = {
  'chatlists.exportChatlistInvite': works(exportChatlistInvite, 'profile'),
  'chatlists.editExportedInvite': works(editExportedInvite, 'profile'),
  'chatlists.deleteExportedInvite': works(deleteExportedInvite),
  'chatlists.getExportedInvites': works(getExportedInvites),
  'chatlists.checkChatlistInvite': works(checkChatlistInvite, 'resolve'),
  'chatlists.joinChatlistInvite': works(joinChatlistInvite, 'profile'),
  'chatlists.getChatlistUpdates': works(getChatlistUpdates),
  'chatlists.joinChatlistUpdates': works(joinChatlistUpdates, 'profile'),
  'chatlists.hideChatlistUpdates': works(hideChatlistUpdates),
  'chatlists.getLeaveChatlistSuggestions': works(getLeaveChatlistSuggestions),
  'chatlists.leaveChatlist': works(leaveChatlist),
}
