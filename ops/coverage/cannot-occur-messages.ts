import type { AbsentCase } from './absent-case.ts'

/** Of the namespaces `messages`, `stickers`, `upload` and `help`. */
export const MESSAGES_CANNOT_OCCUR: readonly AbsentCase[] = [
  {
    methods: '*',
    errors: [
      'BOT_DOMAIN_INVALID',
      'BOT_MISSING',
      'BOT_ONESIDE_NOT_AVAIL',
      'EDIT_BOT_INVITE_FORBIDDEN',
      'INLINE_BOT_REQUIRED',
      'SCHEDULE_BOT_NOT_ALLOWED',
    ],
    reason: 'no account is a bot',
  },
  { methods: 'messages.forwardMessages', errors: ['USER_IS_BOT'], reason: 'no account is a bot' },
  { methods: 'messages.sendMedia', errors: ['USER_IS_BOT'], reason: 'no account is a bot' },
  { methods: 'messages.sendMessage', errors: ['BOT_INVALID', 'USER_IS_BOT'], reason: 'no account is a bot' },
  { methods: 'messages.editMessage', errors: ['BOT_INVALID'], reason: 'no account is a bot' },
  {
    methods: '*',
    errors: [
      'BUTTON_DATA_INVALID',
      'BUTTON_TYPE_INVALID',
      'BUTTON_URL_INVALID',
      'BUTTON_USER_PRIVACY_RESTRICTED',
      'REPLY_MARKUP_BUY_EMPTY',
      'REPLY_MARKUP_INVALID',
      'REPLY_MARKUP_TOO_LONG',
    ],
    reason: 'only bots send buttons, and no account is a bot: those that are given are left out',
  },
  {
    methods: '*',
    errors: [
      'BOT_PAYMENTS_DISABLED',
      'CURRENCY_TOTAL_AMOUNT_INVALID',
      'PAYMENT_PROVIDER_INVALID',
      'PAYMENT_UNSUPPORTED',
      'WEBDOCUMENT_MIME_INVALID',
    ],
    reason: 'nothing is paid for',
  },
  {
    methods: 'messages.*',
    errors: ['PREMIUM_ACCOUNT_REQUIRED'],
    reason: 'what is served is served to every account',
  },
  { methods: '*', errors: ['GAME_BOT_INVALID', 'CHAT_SEND_GAME_FORBIDDEN'], reason: 'there are no games' },
  { methods: '*', errors: ['GROUPCALL_FORBIDDEN'], reason: 'there are no group calls' },
  { methods: 'messages.sendMessage', errors: ['ENCRYPTION_DECLINED'], reason: 'there are no secret chats' },
  {
    methods: 'messages.translateText',
    errors: ['INPUT_TEXT_EMPTY', 'MSG_ID_INVALID', 'PEER_ID_INVALID', 'TO_LANG_INVALID'],
    reason: 'nothing is translated: every call is TRANSLATIONS_DISABLED',
  },
  {
    methods: 'messages.*',
    errors: ['CHAT_RESTRICTED'],
    reason: 'who is restricted is told by USER_BANNED_IN_CHANNEL and CHAT_SEND_…_FORBIDDEN',
  },
  {
    methods: 'messages.*',
    errors: ['CHAT_SEND_MEDIA_FORBIDDEN'],
    reason: 'media are forbidden by their kinds, and each kind has an error of its own',
  },
  {
    methods: '*',
    errors: ['FILE_REFERENCE_EXPIRED', 'FILEREF_UPGRADE_NEEDED'],
    reason: 'file references do not expire',
  },
  {
    methods: 'messages.sendMessage',
    errors: ['RANDOM_ID_DUPLICATE'],
    reason: 'a random id that comes again is answered with the message that it sent',
  },
  {
    methods: 'messages.sendMedia',
    errors: ['RANDOM_ID_DUPLICATE'],
    reason: 'a random id that comes again is answered with the message that it sent',
  },
  {
    methods: 'messages.sendMessage',
    errors: ['PINNED_DIALOGS_TOO_MUCH', 'POLL_OPTION_INVALID', 'WC_CONVERT_URL_INVALID'],
    reason: 'the call pins nothing, has no poll, and names no page by its address',
  },
  {
    methods: 'messages.sendMedia',
    errors: ['QUIZ_MULTIPLE_INVALID'],
    reason: 'a quiz may have several right answers',
  },
  {
    methods: 'messages.sendMedia',
    errors: ['VIDEO_CONTENT_TYPE_INVALID'],
    reason: 'a file is kept under the type that its client gives',
  },
  {
    methods: 'messages.sendMedia',
    errors: ['WEBPAGE_MEDIA_EMPTY'],
    reason: 'a page without anything to show is WEBPAGE_NOT_FOUND',
  },
  {
    methods: 'messages.editMessage',
    errors: ['CHAT_FORWARDS_RESTRICTED'],
    reason: 'an edit forwards nothing',
  },
  {
    methods: 'messages.editMessage',
    errors: ['DOCUMENT_INVALID'],
    reason: 'a document that cannot be is MEDIA_EMPTY',
  },
  {
    methods: 'messages.forwardMessages',
    errors: ['GROUPED_MEDIA_INVALID', 'MEDIA_EMPTY'],
    reason: 'what was sent once fits together, and is kept as long as its message',
  },
  { methods: 'messages.getDialogs', errors: ['CHAT_WRITE_FORBIDDEN'], reason: 'the call writes nowhere' },
  {
    methods: 'messages.importChatInvite',
    errors: ['CHANNEL_INVALID', 'MSG_ID_INVALID', 'PEER_ID_INVALID'],
    reason: 'the call names a link alone, no channel, message or peer',
  },
  {
    methods: 'messages.importChatInvite',
    errors: ['CHANNEL_PRIVATE', 'CHAT_INVALID'],
    reason: 'a link to a chat that is gone or closed to the caller is INVITE_HASH_EXPIRED',
  },
  {
    methods: 'messages.importChatInvite',
    errors: ['USER_CHANNELS_TOO_MUCH'],
    reason: 'the caller joins by itself, and is told CHANNELS_TOO_MUCH',
  },
  {
    methods: 'messages.checkChatInvite',
    errors: ['CHANNEL_PRIVATE'],
    reason: 'a link to a chat that is gone or closed to the caller is INVITE_HASH_EXPIRED',
  },
  {
    methods: 'messages.addChatUser',
    errors: ['USER_PRIVACY_RESTRICTED'],
    reason: 'whose rules forbid it is named among the missing invitees of the answer',
  },
  { methods: 'messages.createChat', errors: ['CHAT_INVALID'], reason: 'the call names no chat' },
  {
    methods: 'messages.createChat',
    errors: ['USERS_TOO_FEW'],
    reason: 'a group may begin with its creator alone',
  },
  {
    methods: 'messages.search',
    errors: ['CHAT_ADMIN_REQUIRED'],
    reason: 'who may read a chat may search it',
  },
  {
    methods: 'messages.search',
    errors: ['INPUT_USER_DEACTIVATED'],
    reason: 'what a deleted account has written can be searched',
  },
  {
    methods: 'messages.search',
    errors: ['INPUT_FILTER_INVALID', 'PEER_ID_NOT_SUPPORTED'],
    reason: 'every filter of the schema is served in every chat',
  },
  {
    methods: 'messages.search',
    errors: ['USER_ID_INVALID'],
    reason: 'an author that cannot be is FROM_PEER_INVALID',
  },
  {
    methods: 'messages.unpinAllMessages',
    errors: ['CHAT_NOT_MODIFIED'],
    reason: 'clients call until nothing is pinned any more, and are told so',
  },
  {
    methods: 'messages.updatePinnedMessage',
    errors: ['USER_BANNED_IN_CHANNEL'],
    reason: 'pinning has a right of its own: CHAT_ADMIN_REQUIRED',
  },
  {
    methods: 'stickers.addStickerToSet',
    errors: ['STICKERPACK_STICKERS_TOO_MUCH'],
    reason: 'a full set is STICKERS_TOO_MUCH, which the entry names too',
  },
  {
    methods: 'stickers.createStickerSet',
    errors: ['PEER_ID_INVALID'],
    reason: 'the call names a user alone: USER_ID_INVALID',
  },
  {
    methods: 'stickers.createStickerSet',
    errors: ['STICKER_TGS_NODOC', 'STICKER_VIDEO_NODOC'],
    reason: 'stickers are given as documents only: anything else is STICKER_FILE_INVALID',
  },
  {
    methods: 'upload.getFile',
    errors: ['CHANNEL_PRIVATE'],
    reason: 'a photo that somebody has been shown is given, also to who has left the channel',
  },
  { methods: 'upload.saveFilePart', errors: ['MSG_ID_INVALID'], reason: 'the call names no message' },
  {
    methods: 'help.getConfig',
    errors: [
      'CONNECTION_API_ID_INVALID',
      'CONNECTION_APP_VERSION_EMPTY',
      'CONNECTION_LAYER_INVALID',
      'DATA_INVALID',
      'MSG_ID_INVALID',
      'USERNAME_INVALID',
      'USER_PRIVACY_RESTRICTED',
    ],
    reason: 'the call has no arguments: these are of what wraps it, and of no call at all',
  },
  { methods: 'help.getSupportName', errors: ['USER_INVALID'], reason: 'everybody may ask for the name' },
]
