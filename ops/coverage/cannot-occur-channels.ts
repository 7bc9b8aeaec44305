import type { AbsentCase } from './absent-case.ts'

/** Of channels, photos, updates and contacts. */
export const CHANNELS_CANNOT_OCCUR: readonly AbsentCase[] = [
  {
    methods: 'channels.checkUsername',
    errors: ['USERNAME_OCCUPIED'],
    reason: 'that a name is taken is the answer, not an error',
  },
  {
    methods: 'stats.*',
    errors: ['PEER_ID_INVALID'],
    reason: 'channels are named by their own kind of input alone, and a wrong one is CHANNEL_INVALID',
  },
  {
    methods: 'channels.checkUsername',
    errors: ['CHAT_ID_INVALID'],
    reason: 'channels are named by their own kind of input alone, and a wrong one is CHANNEL_INVALID',
  },
  {
    methods: 'channels.deleteChannel',
    errors: ['CHAT_NOT_MODIFIED'],
    reason: 'a channel that is deleted already is CHANNEL_INVALID or CHANNEL_PRIVATE',
  },
  { methods: 'channels.getFullChannel', errors: ['CHAT_NOT_MODIFIED'], reason: 'reading changes nothing' },
  {
    methods: 'channels.updateUsername',
    errors: ['CHAT_NOT_MODIFIED'],
    reason: 'that a name stays as it is has an error of its own, USERNAME_NOT_MODIFIED',
  },
  {
    methods: 'messages.editChatAbout',
    errors: ['CHAT_NOT_MODIFIED'],
    reason: 'that what is said about a chat stays as it is has an error of its own, CHAT_ABOUT_NOT_MODIFIED',
  },
  {
    methods: 'channels.editAdmin',
    errors: ['USER_NOT_MUTUAL_CONTACT'],
    reason: 'administrators may bring back whoever left',
  },
  {
    methods: 'channels.editAdmin',
    errors: ['FRESH_CHANGE_ADMINS_FORBIDDEN'],
    reason: 'an administrator may use its rights at once',
  },
  {
    methods: 'channels.*',
    errors: ['CHAT_INVALID'],
    reason: 'a channel that there is not is CHANNEL_INVALID',
  },
  {
    methods: 'channels.joinChannel',
    errors: ['INVITE_HASH_EMPTY', 'INVITE_HASH_EXPIRED', 'INVITE_HASH_INVALID'],
    reason: 'links are followed by messages.importChatInvite',
  },
  {
    methods: 'channels.joinChannel',
    errors: ['USER_CHANNELS_TOO_MUCH'],
    reason: 'who joins is told of itself: CHANNELS_TOO_MUCH',
  },
  {
    methods: 'channels.leaveChannel',
    errors: ['USER_CREATOR'],
    reason: 'a creator may leave, stays the creator and may come back',
  },
  {
    methods: 'photos.updateProfilePhoto',
    errors: ['FILE_PARTS_INVALID', 'IMAGE_PROCESS_FAILED', 'PHOTO_CROP_SIZE_SMALL', 'PHOTO_EXT_INVALID'],
    reason: 'it shows a photo that was taken before: nothing is uploaded or examined',
  },
  {
    methods: 'photos.uploadProfilePhoto',
    errors: ['PHOTO_CROP_FILE_MISSING'],
    reason: 'pictures come cropped, without a file that says how',
  },
  {
    methods: 'photos.uploadProfilePhoto',
    errors: ['STICKER_MIME_INVALID'],
    reason: 'a sticker that no picture can be made of is EMOJI_MARKUP_INVALID',
  },
  {
    methods: 'updates.*',
    errors: ['CHAT_WRITE_FORBIDDEN', 'PINNED_DIALOGS_TOO_MUCH', 'RANDOM_ID_DUPLICATE'],
    reason: 'a difference only reads',
  },
  {
    methods: 'updates.getDifference',
    errors: [
      'CHANNEL_INVALID',
      'CHANNEL_PRIVATE',
      'MSG_ID_INVALID',
      'USER_NOT_PARTICIPANT',
      'USERNAME_INVALID',
    ],
    reason: 'it is asked for by numbers alone: no chat, message or user is named',
  },
  {
    methods: 'updates.getChannelDifference',
    errors: ['PERSISTENT_TIMESTAMP_OUTDATED'],
    reason: 'what moved a channel is written before its pts is told: nothing lags behind',
  },
  {
    methods: 'contacts.search',
    errors: ['QUERY_TOO_SHORT'],
    reason: 'one letter finds contacts already: no query but an empty one is too short',
  },
]
