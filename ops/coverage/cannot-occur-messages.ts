import { absentCases } from './absent-case.ts'

/** Of the namespaces `messages`, `stickers`, `upload` and `help`. */
export const MESSAGES_CANNOT_OCCUR = absentCases({
  'no account is a bot': {
    '*': [
      'BOT_DOMAIN_INVALID',
      'BOT_MISSING',
      'BOT_ONESIDE_NOT_AVAIL',
      'EDIT_BOT_INVITE_FORBIDDEN',
      'INLINE_BOT_REQUIRED',
      'SCHEDULE_BOT_NOT_ALLOWED',
    ],
    'messages.forwardMessages': ['USER_IS_BOT'],
    'messages.sendMedia': ['USER_IS_BOT'],
    'messages.sendMessage': ['BOT_INVALID', 'USER_IS_BOT'],
    'messages.editMessage': ['BOT_INVALID'],
  },
  'only bots send buttons, and no account is a bot: those that are given are left out': {
    '*': [
      'BUTTON_DATA_INVALID',
      'BUTTON_TYPE_INVALID',
      'BUTTON_URL_INVALID',
      'BUTTON_USER_PRIVACY_RESTRICTED',
      'REPLY_MARKUP_BUY_EMPTY',
      'REPLY_MARKUP_INVALID',
      'REPLY_MARKUP_TOO_LONG',
    ],
  },
  'nothing is paid for': {
    '*': [
      'BOT_PAYMENTS_DISABLED',
      'CURRENCY_TOTAL_AMOUNT_INVALID',
      'PAYMENT_PROVIDER_INVALID',
      'PAYMENT_UNSUPPORTED',
      'WEBDOCUMENT_MIME_INVALID',
    ],
  },
  'what is served is served to every account': {
    'messages.*': ['PREMIUM_ACCOUNT_REQUIRED'],
  },
  'there are no games': {
    '*': ['GAME_BOT_INVALID', 'CHAT_SEND_GAME_FORBIDDEN'],
  },
  'there are no group calls': {
    '*': ['GROUPCALL_FORBIDDEN'],
  },
  'there are no secret chats': {
    'messages.sendMessage': ['ENCRYPTION_DECLINED'],
  },
  'nothing is translated: every call is TRANSLATIONS_DISABLED': {
    'messages.translateText': ['INPUT_TEXT_EMPTY', 'MSG_ID_INVALID', 'PEER_ID_INVALID', 'TO_LANG_INVALID'],
  },
  'who is restricted is told by USER_BANNED_IN_CHANNEL and CHAT_SEND_…_FORBIDDEN': {
    'messages.*': ['CHAT_RESTRICTED'],
  },
  'media are forbidden by their kinds, and each kind has an error of its own': {
    'messages.*': ['CHAT_SEND_MEDIA_FORBIDDEN'],
  },
  'file references do not expire': {
    '*': ['FILE_REFERENCE_EXPIRED', 'FILEREF_UPGRADE_NEEDED'],
  },
  'a random id that comes again is answered with the message that it sent': {
    'messages.sendMessage': ['RANDOM_ID_DUPLICATE'],
    'messages.sendMedia': ['RANDOM_ID_DUPLICATE'],
  },
  'the call pins nothing, has no poll, and names no page by its address': {
    'messages.sendMessage': ['PINNED_DIALOGS_TOO_MUCH', 'POLL_OPTION_INVALID', 'WC_CONVERT_URL_INVALID'],
  },
  'a quiz may have several right answers': {
    'messages.sendMedia': ['QUIZ_MULTIPLE_INVALID'],
  },
  'a file is kept under the type that its client gives': {
    'messages.sendMedia': ['VIDEO_CONTENT_TYPE_INVALID'],
  },
  'a page without anything to show is WEBPAGE_NOT_FOUND': {
    'messages.sendMedia': ['WEBPAGE_MEDIA_EMPTY'],
  },
  'an edit forwards nothing': {
    'messages.editMessage': ['CHAT_FORWARDS_RESTRICTED'],
  },
  'a document that cannot be is MEDIA_EMPTY': {
    'messages.editMessage': ['DOCUMENT_INVALID'],
  },
  'what was sent once fits together, and is kept as long as its message': {
    'messages.forwardMessages': ['GROUPED_MEDIA_INVALID', 'MEDIA_EMPTY'],
  },
  'the call writes nowhere': {
    'messages.getDialogs': ['CHAT_WRITE_FORBIDDEN'],
  },
  'the call names a link alone, no channel, message or peer': {
    'messages.importChatInvite': ['CHANNEL_INVALID', 'MSG_ID_INVALID', 'PEER_ID_INVALID'],
  },
  'a link to a chat that is gone or closed to the caller is INVITE_HASH_EXPIRED': {
    'messages.importChatInvite': ['CHANNEL_PRIVATE', 'CHAT_INVALID'],
    'messages.checkChatInvite': ['CHANNEL_PRIVATE'],
  },
  'the caller joins by itself, and is told CHANNELS_TOO_MUCH': {
    'messages.importChatInvite': ['USER_CHANNELS_TOO_MUCH'],
  },
  'whose rules forbid it is named among the missing invitees of the answer': {
    'messages.addChatUser': ['USER_PRIVACY_RESTRICTED'],
  },
  'the call names no chat': {
    'messages.createChat': ['CHAT_INVALID'],
  },
  'a group may begin with its creator alone': {
    'messages.createChat': ['USERS_TOO_FEW'],
  },
  'who may read a chat may search it': {
    'messages.search': ['CHAT_ADMIN_REQUIRED'],
  },
  'what a deleted account has written can be searched': {
    'messages.search': ['INPUT_USER_DEACTIVATED'],
  },
  'every filter of the schema is served in every chat': {
    'messages.search': ['INPUT_FILTER_INVALID', 'PEER_ID_NOT_SUPPORTED'],
  },
  'an author that cannot be is FROM_PEER_INVALID': {
    'messages.search': ['USER_ID_INVALID'],
  },
  'clients call until nothing is pinned any more, and are told so': {
    'messages.unpinAllMessages': ['CHAT_NOT_MODIFIED'],
  },
  'pinning has a right of its own: CHAT_ADMIN_REQUIRED': {
    'messages.updatePinnedMessage': ['USER_BANNED_IN_CHANNEL'],
  },
  'a full set is STICKERS_TOO_MUCH, which the entry names too': {
    'stickers.addStickerToSet': ['STICKERPACK_STICKERS_TOO_MUCH'],
  },
  'the call names a user alone: USER_ID_INVALID': {
    'stickers.createStickerSet': ['PEER_ID_INVALID'],
  },
  'stickers are given as documents only: anything else is STICKER_FILE_INVALID': {
    'stickers.createStickerSet': ['STICKER_TGS_NODOC', 'STICKER_VIDEO_NODOC'],
  },
  'a photo that somebody has been shown is given, also to who has left the channel': {
    'upload.getFile': ['CHANNEL_PRIVATE'],
  },
  'the call names no message': {
    'upload.saveFilePart': ['MSG_ID_INVALID'],
  },
  'the call has no arguments: these are of what wraps it, and of no call at all': {
    'help.getConfig': [
      'CONNECTION_API_ID_INVALID',
      'CONNECTION_APP_VERSION_EMPTY',
      'CONNECTION_LAYER_INVALID',
      'DATA_INVALID',
      'MSG_ID_INVALID',
      'USERNAME_INVALID',
      'USER_PRIVACY_RESTRICTED',
    ],
  },
  'everybody may ask for the name': {
    'help.getSupportName': ['USER_INVALID'],
  },
})
