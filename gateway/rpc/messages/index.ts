import { chatsHandlers } from '../chats/index.ts'
import { empty, type Handlers, works } from '../handler.ts'
import { absentHandlers } from './absent.ts'
import { deleteMessages } from './change/delete.ts'
import { deleteHistory } from './change/delete-history.ts'
import { editMessage, getMessageEditData } from './change/edit.ts'
import { forwardMessages } from './change/forward.ts'
import { unpinAllMessages, updatePinnedMessage } from './change/pin.ts'
import { getDialogs, getPeerDialogs, getPinnedDialogs } from './dialogs/dialogs.ts'
import { reorderPinnedDialogs, toggleDialogPin } from './dialogs/pinned.ts'
import { getDialogUnreadMarks, markDialogUnread } from './dialogs/unread-marks.ts'
import { clearAllDrafts, getAllDrafts, saveDraft } from './drafts.ts'
import { getDocumentByHash } from './media/by-hash.ts'
import { sendMultiMedia } from './media/send-multi-media.ts'
import { uploadMedia } from './media/upload-media.ts'
import { readMessageContents } from './read/contents.ts'
import { getPersonalChannelHistory, getSplitRanges } from './read/elsewhere.ts'
import { getHistory } from './read/history.ts'
import { getUnreadMentions, readMentions } from './read/mentions.ts'
import { getMessages } from './read/messages.ts'
import { readHistory } from './read/read-history.ts'
import { getOutboxReadDate, receivedMessages } from './read/receipts.ts'
import { setTyping } from './read/typing.ts'
import { readSavedHistory, reorderPinnedSavedDialogs, toggleSavedDialogPin } from './saved/pinned.ts'
import {
  deleteSavedHistory,
  getPinnedSavedDialogs,
  getSavedDialogs,
  getSavedDialogsById,
  getSavedHistory,
} from './saved/saved.ts'
import { searchGlobal, searchSentMedia } from './search/global.ts'
import { getSearchResultsCalendar, getSearchResultsPositions } from './search/results.ts'
import { getSearchCounters, search } from './search/search.ts'
import { sendMedia } from './send/send-media.ts'
import { sendMessage } from './send/send-message.ts'

/** The namespace `messages`, as far as it is about messages and dialogs. */
export const messagesHandlers: Handlers = {
  'messages.sendMessage': works(sendMessage, 'send'),
  'messages.sendMedia': works(sendMedia, 'send'),
  'messages.sendMultiMedia': works(sendMultiMedia, 'send', ({ multiMedia }) => multiMedia.length),
  'messages.uploadMedia': works(uploadMedia, 'send'),
  'messages.getDocumentByHash': works(getDocumentByHash),
  'messages.forwardMessages': works(forwardMessages, 'send', ({ id }) => id.length),
  'messages.editMessage': works(editMessage, 'send'),
  'messages.getMessageEditData': works(getMessageEditData),
  'messages.deleteMessages': works(deleteMessages),
  'messages.deleteHistory': works(deleteHistory),
  'messages.getHistory': works(getHistory),
  'messages.getPersonalChannelHistory': works(getPersonalChannelHistory),
  'messages.getSplitRanges': works(getSplitRanges),
  'messages.getMessages': works(getMessages),
  'messages.search': works(search),
  'messages.searchGlobal': works(searchGlobal),
  'messages.searchSentMedia': works(searchSentMedia),
  'messages.getSearchCounters': works(getSearchCounters),
  'messages.getSearchResultsCalendar': works(getSearchResultsCalendar),
  'messages.getSearchResultsPositions': works(getSearchResultsPositions),
  'messages.getDialogs': works(getDialogs),
  'messages.getPinnedDialogs': works(getPinnedDialogs),
  'messages.getPeerDialogs': works(getPeerDialogs),
  'messages.toggleDialogPin': works(toggleDialogPin),
  'messages.reorderPinnedDialogs': works(reorderPinnedDialogs),
  'messages.markDialogUnread': works(markDialogUnread),
  'messages.getDialogUnreadMarks': works(getDialogUnreadMarks),
  'messages.readHistory': works(readHistory),
  'messages.readMessageContents': works(readMessageContents),
  'messages.getUnreadMentions': works(getUnreadMentions),
  'messages.readMentions': works(readMentions),
  'messages.updatePinnedMessage': works(updatePinnedMessage, 'send'),
  'messages.unpinAllMessages': works(unpinAllMessages),
  'messages.receivedMessages': empty(receivedMessages),
  'messages.getOutboxReadDate': works(getOutboxReadDate),
  'messages.setTyping': works(setTyping),
  'messages.saveDraft': works(saveDraft),
  'messages.getAllDrafts': works(getAllDrafts),
  'messages.clearAllDrafts': works(clearAllDrafts),
  'messages.getSavedDialogs': works(getSavedDialogs),
  'messages.getPinnedSavedDialogs': works(getPinnedSavedDialogs),
  'messages.toggleSavedDialogPin': works(toggleSavedDialogPin),
  'messages.reorderPinnedSavedDialogs': works(reorderPinnedSavedDialogs),
  'messages.readSavedHistory': works(readSavedHistory),
  'messages.getSavedDialogsByID': works(getSavedDialogsById),
  'messages.getSavedHistory': works(getSavedHistory),
  'messages.deleteSavedHistory': works(deleteSavedHistory),
  ...chatsHandlers,
  ...absentHandlers,
}
