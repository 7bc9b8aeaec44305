import { createChannel } from '../chats/create.ts'
import { getFullChannel } from '../chats/full.ts'
import { joinChannel } from '../chats/join.ts'
import { getLeftChannels } from '../chats/left.ts'
import * as lists from '../chats/lists.ts'
import { inviteToChannel, leaveChannel } from '../chats/members.ts'
import { deleteChannel } from '../chats/ownership.ts'
import { editChannelPhoto, editChannelTitle } from '../chats/profile.ts'
import { editAdmin, editBanned } from '../chats/roles.ts'
import * as settings from '../chats/settings.ts'
import { empty, type Handlers, works } from '../handler.ts'
import { checkSearchPostsFlood, searchPosts } from '../messages/search/posts.ts'
import { getChannelRecommendations } from '../public-chats/recommendations.ts'
import { toggleViewForumAsMessages } from '../topics/view-as-messages.ts'
import { getAdminLog } from './admin-log.ts'
import { setDiscussionGroup } from './discussion.ts'
import { convertToGigagroup } from './gigagroup.ts'
import * as looks from './looks.ts'
import { setMainProfileTab } from './main-tab.ts'
import { exportMessageLink, getMessageAuthor } from './message-links.ts'
import { deleteParticipantHistory, reportSpam } from './participant-history.ts'
import { getParticipant, getParticipants } from './participants.ts'
import { getSendAs } from './send-as.ts'
import { setEmojiStickers, setStickers } from './sticker-sets.ts'
import * as names from './usernames.ts'

/** A search over channels looks at as much as so many ordinary calls. */
const SEARCH_COST = 10

/** The namespace `channels`, as far as it is about channels, their members and their settings. */
export const channelsHandlers: Handlers = {
  'channels.createChannel': works(createChannel, 'profile'),
  'channels.deleteChannel': works(deleteChannel, 'profile'),
  'channels.getChannels': works(lists.getChannels),
  'channels.getFullChannel': works(getFullChannel),
  'channels.getAdminedPublicChannels': works(lists.getAdminedPublicChannels),
  'channels.getGroupsForDiscussion': works(lists.getGroupsForDiscussion),
  'channels.getInactiveChannels': works(lists.getInactiveChannels),
  'channels.getLeftChannels': works(getLeftChannels),
  'channels.getChannelRecommendations': works(getChannelRecommendations, 'default', () => SEARCH_COST),
  'channels.editTitle': works(editChannelTitle, 'profile'),
  'channels.editPhoto': works(editChannelPhoto, 'profile'),
  'channels.editAdmin': works(editAdmin),
  'channels.editBanned': works(editBanned),
  'channels.joinChannel': works(joinChannel),
  'channels.leaveChannel': works(leaveChannel),
  'channels.inviteToChannel': works(inviteToChannel),
  'channels.getParticipants': works(getParticipants),
  'channels.getParticipant': works(getParticipant),
  'channels.getAdminLog': works(getAdminLog),
  'channels.getSendAs': works(getSendAs),
  'channels.exportMessageLink': works(exportMessageLink),
  'channels.getMessageAuthor': works(getMessageAuthor),
  'channels.deleteParticipantHistory': works(deleteParticipantHistory),
  'channels.reportSpam': works(reportSpam),
  'channels.checkUsername': works(names.checkUsername, 'resolve'),
  'channels.updateUsername': works(names.updateUsername, 'profile'),
  'channels.reorderUsernames': works(names.reorderUsernames),
  'channels.toggleUsername': works(names.toggleUsername),
  'channels.deactivateAllUsernames': works(names.deactivateAllUsernames),
  'channels.searchPosts': works(searchPosts, 'default', () => SEARCH_COST),
  'channels.checkSearchPostsFlood': works(checkSearchPostsFlood),
  'channels.setDiscussionGroup': works(setDiscussionGroup),
  'channels.toggleSignatures': works(settings.toggleSignatures),
  'channels.togglePreHistoryHidden': works(settings.togglePreHistoryHidden),
  'channels.toggleSlowMode': works(settings.toggleSlowMode),
  'channels.toggleJoinToSend': works(settings.toggleJoinToSend),
  'channels.toggleJoinRequest': works(settings.toggleJoinRequest),
  'channels.toggleAntiSpam': works(settings.toggleAntiSpam),
  'channels.toggleParticipantsHidden': works(settings.toggleParticipantsHidden),
  'channels.toggleAutotranslation': works(settings.toggleAutotranslation),
  'channels.toggleForum': works(settings.toggleForum),
  'channels.toggleViewForumAsMessages': works(toggleViewForumAsMessages),
  'channels.reportAntiSpamFalsePositive': empty(looks.reportAntiSpamFalsePositive),
  'channels.updateColor': works(looks.updateColor),
  'channels.convertToGigagroup': works(convertToGigagroup, 'profile'),
  'channels.editLocation': empty(looks.editLocation),
  'channels.setStickers': works(setStickers, 'profile'),
  'channels.setEmojiStickers': works(setEmojiStickers, 'profile'),
  'channels.setMainProfileTab': works(setMainProfileTab, 'profile'),
  'channels.updateEmojiStatus': empty(looks.needsBoosts),
  'channels.setBoostsToUnblockRestrictions': empty(looks.needsBoosts),
  'channels.restrictSponsoredMessages': empty(looks.needsBoosts),
}
