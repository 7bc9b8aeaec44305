import type { Tl } from '@heliograph/schemas/tl'
import { registerDevice, unregisterDevice } from '../account/devices.ts'
import { refuse } from '../auth/refusals.ts'
import { empty, type Handlers, openEmpty } from '../handler.ts'

/** Settings of what the server does not have: themes, statuses, ringtones, connected sites and bots, device push. */
const statuses: Tl<'account.emojiStatuses'> = { _: 'account.emojiStatuses', hash: 0n, statuses: [] }
const emojiList: Tl<'emojiList'> = { _: 'emojiList', hash: 0n, documentId: [] }

export const accountFeatureHandlers: Handlers = {
  'account.toggleSponsoredMessages': empty(() => true),
  'account.getUniqueGiftChatThemes': empty(() => ({
    _: 'account.chatThemes',
    hash: 0n,
    themes: [],
    chats: [],
    users: [],
  })),
  'account.getDefaultEmojiStatuses': empty(() => statuses),
  'account.getRecentEmojiStatuses': empty(() => statuses),
  'account.clearRecentEmojiStatuses': empty(() => true),
  'account.getChannelDefaultEmojiStatuses': empty(() => statuses),
  'account.getCollectibleEmojiStatuses': empty(() => statuses),
  'account.getChannelRestrictedStatusEmojis': empty(() => emojiList),
  'account.getDefaultProfilePhotoEmojis': empty(() => emojiList),
  'account.getDefaultGroupPhotoEmojis': empty(() => emojiList),
  'account.getDefaultBackgroundEmojis': empty(() => emojiList),
  'account.getWebAuthorizations': empty(() => ({
    _: 'account.webAuthorizations',
    authorizations: [],
    users: [],
  })),
  // No site is logged in to by an account.
  'account.resetWebAuthorization': openEmpty(refuse('HASH_INVALID')),
  'account.resetWebAuthorizations': empty(() => true),
  'account.getConnectedBots': empty(() => ({
    _: 'account.connectedBots',
    connectedBots: [],
    users: [],
  })),
  'account.getBusinessChatLinks': empty(() => ({
    _: 'account.businessChatLinks',
    links: [],
    chats: [],
    users: [],
  })),
  'account.getPasskeys': empty(() => ({ _: 'account.passkeys', passkeys: [] })),
  'account.getWebBrowserSettings': empty(() => ({
    _: 'account.webBrowserSettings',
    externalExceptions: [],
    inappExceptions: [],
    hash: 0n,
  })),
  'account.getAllSecureValues': empty(() => []),
  'account.getSecureValue': empty(() => []),
  // Notifications of devices that are not connected come with a later release.
  'account.registerDevice': empty(registerDevice),
  'account.unregisterDevice': empty(unregisterDevice),
  'account.updateDeviceLocked': empty(() => true),
}
