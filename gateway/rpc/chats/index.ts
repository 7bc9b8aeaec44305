import { saveDefaultSendAs } from '../channels/send-as.ts'
import { empty, type Handlers, works } from '../handler.ts'
import { createChat } from './create.ts'
import { getDefaultHistoryTtl, setDefaultHistoryTtl } from './default-ttl.ts'
import { editExportedChatInvite, exportChatInvite } from './export-invite.ts'
import { getFullChat } from './full.ts'
import { checkChatInvite, importChatInvite } from './join.ts'
import * as invites from './list-invites.ts'
import { getChats, getCommonChats } from './lists.ts'
import { addChatUser, deleteChatUser } from './members.ts'
import { getOnlines } from './onlines.ts'
import { deleteChat, editChatCreator, getFutureChatCreatorAfterLeave, migrateChat } from './ownership.ts'
import { editChatAbout, editChatPhoto, editChatTitle } from './profile.ts'
import { hideAllChatJoinRequests, hideChatJoinRequest } from './requests.ts'
import { editChatAdmin, editChatDefaultBannedRights, editChatParticipantRank } from './roles.ts'
import { setChatAvailableReactions, setHistoryTtl, toggleNoForwards } from './settings.ts'

/** The namespace `messages`, as far as it is about groups and channels themselves. */
export const chatsHandlers: Handlers = {
  'messages.createChat': works(createChat, 'profile'),
  'messages.addChatUser': works(addChatUser),
  'messages.deleteChatUser': works(deleteChatUser),
  'messages.editChatTitle': works(editChatTitle, 'profile'),
  'messages.editChatAbout': works(editChatAbout, 'profile'),
  'messages.editChatPhoto': works(editChatPhoto, 'profile'),
  'messages.editChatAdmin': works(editChatAdmin),
  'messages.editChatDefaultBannedRights': works(editChatDefaultBannedRights),
  'messages.editChatParticipantRank': works(editChatParticipantRank),
  'messages.editChatCreator': works(editChatCreator),
  'messages.getFutureChatCreatorAfterLeave': empty(getFutureChatCreatorAfterLeave),
  'messages.getChats': works(getChats),
  'messages.getFullChat': works(getFullChat),
  'messages.getCommonChats': works(getCommonChats),
  'messages.getOnlines': works(getOnlines),
  'messages.migrateChat': works(migrateChat),
  'messages.deleteChat': works(deleteChat),
  'messages.exportChatInvite': works(exportChatInvite),
  'messages.editExportedChatInvite': works(editExportedChatInvite),
  'messages.getExportedChatInvites': works(invites.getExportedChatInvites),
  'messages.getExportedChatInvite': works(invites.getExportedChatInvite),
  'messages.getAdminsWithInvites': works(invites.getAdminsWithInvites),
  'messages.getChatInviteImporters': works(invites.getChatInviteImporters),
  'messages.deleteExportedChatInvite': works(invites.deleteExportedChatInvite),
  'messages.deleteRevokedExportedChatInvites': works(invites.deleteRevokedExportedChatInvites),
  'messages.checkChatInvite': works(checkChatInvite, 'resolve'),
  'messages.importChatInvite': works(importChatInvite, 'resolve'),
  'messages.hideChatJoinRequest': works(hideChatJoinRequest),
  'messages.hideAllChatJoinRequests': works(hideAllChatJoinRequests),
  'messages.toggleNoForwards': works(toggleNoForwards),
  'messages.setHistoryTTL': works(setHistoryTtl),
  'messages.getDefaultHistoryTTL': works(getDefaultHistoryTtl),
  'messages.setDefaultHistoryTTL': works(setDefaultHistoryTtl),
  'messages.setChatAvailableReactions': works(setChatAvailableReactions),
  'messages.saveDefaultSendAs': works(saveDefaultSendAs),
}
