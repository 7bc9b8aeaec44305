import type { Tl } from '@heliograph/schemas/tl'
import { empty, type Handlers } from '../handler.ts'
import { inputPeerId } from '../peers.ts'

/** Settings of what the server does not have: themes, statuses, ringtones, connected sites and bots, device push. */
const themes: Tl<'account.themes'> = { _: 'account.themes', hash: 0n, themes: [] }
const statuses: Tl<'account.emojiStatuses'> = { _: 'account.emojiStatuses', hash: 0n, statuses: [] }
const emojiList: Tl<'emojiList'> = { _: 'emojiList', hash: 0n, documentId: [] }
const autoSave: Tl<'autoSaveSettings'> = { _: 'autoSaveSettings' }

const MIB = 1024 * 1024
const LARGEST_PHOTO_BYTES = MIB
const VIDEO_BITRATE = 100

function autoDownload(videoMib: number, fileMib: number): Tl<'autoDownloadSettings'> {
  return {
    _: 'autoDownloadSettings',
    photoSizeMax: LARGEST_PHOTO_BYTES,
    videoSizeMax: videoMib * MIB,
    fileSizeMax: fileMib * MIB,
    videoUploadMaxbitrate: VIDEO_BITRATE,
    smallQueueActiveOperationsMax: 0,
    largeQueueActiveOperationsMax: 0,
  }
}

export const accountFeatureHandlers: Handlers = {
  'account.getChatThemes': empty(() => themes),
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
  'account.getSavedMusicIds': empty(() => ({ _: 'account.savedMusicIds', ids: [] })),
  'account.getAutoDownloadSettings': empty(() => ({
    _: 'account.autoDownloadSettings',
    low: autoDownload(0, 0),
    medium: autoDownload(10, 1),
    high: autoDownload(15, 3),
  })),
  'account.saveAutoDownloadSettings': empty(() => true),
  'account.getAutoSaveSettings': empty(() => ({
    _: 'account.autoSaveSettings',
    usersSettings: autoSave,
    chatsSettings: autoSave,
    broadcastsSettings: autoSave,
    exceptions: [],
    chats: [],
    users: [],
  })),
  'account.saveAutoSaveSettings': empty(() => true),
  'account.deleteAutoSaveExceptions': empty(() => true),
  'account.getWebAuthorizations': empty(() => ({
    _: 'account.webAuthorizations',
    authorizations: [],
    users: [],
  })),
  'account.resetWebAuthorization': empty(() => true),
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
  'account.registerDevice': empty(() => true),
  'account.unregisterDevice': empty(() => true),
  'account.updateDeviceLocked': empty(() => true),
  'account.reportPeer': empty((call, context) => {
    inputPeerId(call.peer, context)
    return true
  }),
  'account.reportProfilePhoto': empty(() => true),
}
