import { absentCases } from './absent-case.ts'

/** Of channels, photos, updates and contacts. */
export const CHANNELS_CANNOT_OCCUR = absentCases({
  'that a name is taken is the answer, not an error': {
    'channels.checkUsername': ['USERNAME_OCCUPIED'],
  },
  'channels are named by their own kind of input alone, and a wrong one is CHANNEL_INVALID': {
    'stats.*': ['PEER_ID_INVALID'],
    'channels.checkUsername': ['CHAT_ID_INVALID'],
  },
  'a channel that is deleted already is CHANNEL_INVALID or CHANNEL_PRIVATE': {
    'channels.deleteChannel': ['CHAT_NOT_MODIFIED'],
  },
  'reading changes nothing': {
    'channels.getFullChannel': ['CHAT_NOT_MODIFIED'],
  },
  'that a name stays as it is has an error of its own, USERNAME_NOT_MODIFIED': {
    'channels.updateUsername': ['CHAT_NOT_MODIFIED'],
  },
  'that what is said about a chat stays as it is has an error of its own, CHAT_ABOUT_NOT_MODIFIED': {
    'messages.editChatAbout': ['CHAT_NOT_MODIFIED'],
  },
  'administrators may bring back whoever left': {
    'channels.editAdmin': ['USER_NOT_MUTUAL_CONTACT'],
  },
  'an administrator may use its rights at once': {
    'channels.editAdmin': ['FRESH_CHANGE_ADMINS_FORBIDDEN'],
  },
  'a channel that there is not is CHANNEL_INVALID': {
    'channels.*': ['CHAT_INVALID'],
  },
  'links are followed by messages.importChatInvite': {
    'channels.joinChannel': ['INVITE_HASH_EMPTY', 'INVITE_HASH_EXPIRED', 'INVITE_HASH_INVALID'],
  },
  'who joins is told of itself: CHANNELS_TOO_MUCH': {
    'channels.joinChannel': ['USER_CHANNELS_TOO_MUCH'],
  },
  'a creator may leave, stays the creator and may come back': {
    'channels.leaveChannel': ['USER_CREATOR'],
  },
  'it shows a photo that was uploaded, and found to be a picture, before': {
    'photos.updateProfilePhoto': ['FILE_PARTS_INVALID', 'IMAGE_PROCESS_FAILED', 'PHOTO_EXT_INVALID'],
  },
  'pictures come cropped, without a file that says how': {
    'photos.uploadProfilePhoto': ['PHOTO_CROP_FILE_MISSING'],
  },
  'a sticker that no picture can be made of is EMOJI_MARKUP_INVALID': {
    'photos.uploadProfilePhoto': ['STICKER_MIME_INVALID'],
  },
  'a difference only reads': {
    'updates.*': ['CHAT_WRITE_FORBIDDEN', 'PINNED_DIALOGS_TOO_MUCH', 'RANDOM_ID_DUPLICATE'],
  },
  'it is asked for by numbers alone: no chat, message or user is named': {
    'updates.getDifference': [
      'CHANNEL_INVALID',
      'CHANNEL_PRIVATE',
      'MSG_ID_INVALID',
      'USER_NOT_PARTICIPANT',
      'USERNAME_INVALID',
    ],
  },
  'what moved a channel is written before its pts is told: nothing lags behind': {
    'updates.getChannelDifference': ['PERSISTENT_TIMESTAMP_OUTDATED'],
  },
  'one letter finds contacts already: no query but an empty one is too short': {
    'contacts.search': ['QUERY_TOO_SHORT'],
  },
})
