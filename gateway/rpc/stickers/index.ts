import { type Handlers, works } from '../handler.ts'
import { getAttachedStickers } from './attached.ts'
import { getAvailableReactions } from './built-in.ts'
import * as change from './change.ts'
import { createStickerSet } from './create.ts'
import * as found from './found.ts'
import * as installed from './installed.ts'
import * as lists from './lists.ts'
import { saveRingtone, uploadRingtone } from './ringtones.ts'
import { checkShortName, suggestShortName } from './short-names.ts'
import { stickerSet } from './sticker-set.ts'
import * as themes from './themes.ts'
import * as wallpapers from './wallpapers.ts'

/** A sticker is decoded, checked and kept: that is worth several ordinary calls. */
const STICKER_COST = 10
const oneSticker = () => STICKER_COST

export const stickersHandlers: Handlers = {
  'stickers.createStickerSet': works(createStickerSet, 'default', (call) => call.stickers.length),
  'stickers.addStickerToSet': works(change.addStickerToSet, 'default', oneSticker),
  'stickers.removeStickerFromSet': works(change.removeStickerFromSet),
  'stickers.changeStickerPosition': works(change.changeStickerPosition),
  'stickers.changeSticker': works(change.changeSticker, 'default', oneSticker),
  'stickers.replaceSticker': works(change.replaceSticker, 'default', oneSticker),
  'stickers.renameStickerSet': works(change.renameStickerSet),
  'stickers.deleteStickerSet': works(change.deleteStickerSet),
  'stickers.setStickerSetThumb': works(change.setStickerSetThumb, 'default', oneSticker),
  'stickers.checkShortName': works(checkShortName, 'resolve'),
  'stickers.suggestShortName': works(suggestShortName, 'resolve'),
  'messages.getStickerSet': works((call, context) => stickerSet(context, call.stickerset, call.hash)),
  'messages.installStickerSet': works(installed.installStickerSet),
  'messages.uninstallStickerSet': works(installed.uninstallStickerSet),
  'messages.reorderStickerSets': works(installed.reorderStickerSets),
  'messages.toggleStickerSets': works(installed.toggleStickerSets),
  'messages.getAllStickers': works(installed.getAllStickers),
  'messages.getMaskStickers': works(installed.getMaskStickers),
  'messages.getEmojiStickers': works(installed.getEmojiStickers),
  'messages.getArchivedStickers': works(installed.getArchivedStickers),
  'messages.getMyStickers': works(found.getMyStickers),
  'messages.getStickers': works(found.getStickers),
  'messages.searchStickerSets': works(found.searchStickerSets),
  'messages.searchEmojiStickerSets': works(found.searchEmojiStickerSets),
  'messages.searchStickers': works(found.searchStickers),
  'messages.searchCustomEmoji': works(found.searchCustomEmoji),
  'messages.getAttachedStickers': works(getAttachedStickers),
  'messages.getCustomEmojiDocuments': works(found.getCustomEmojiDocuments),
  'messages.getRecentStickers': works(lists.getRecentStickers),
  'messages.saveRecentSticker': works(lists.saveRecentSticker),
  'messages.clearRecentStickers': works(lists.clearRecentStickers),
  'messages.getFavedStickers': works(lists.getFavedStickers),
  'messages.faveSticker': works(lists.faveSticker),
  'messages.getSavedGifs': works(lists.getSavedGifs),
  'messages.saveGif': works(lists.saveGif),
  'messages.getAvailableReactions': works(getAvailableReactions),
  'account.getSavedRingtones': works(lists.getSavedRingtones),
  'account.saveRingtone': works(saveRingtone),
  'account.uploadRingtone': works(uploadRingtone),
  'account.getWallPapers': works(wallpapers.getWallPapers),
  'account.getWallPaper': works(wallpapers.getWallPaper),
  'account.getMultiWallPapers': works(wallpapers.getMultiWallPapers),
  'account.uploadWallPaper': works(wallpapers.uploadWallPaper),
  'account.saveWallPaper': works(wallpapers.saveWallPaper),
  'account.installWallPaper': works(wallpapers.installWallPaper),
  'account.resetWallPapers': works(wallpapers.resetWallPapers),
  'account.createTheme': works(themes.createTheme, 'profile'),
  'account.updateTheme': works(themes.updateTheme),
  'account.getTheme': works(themes.getTheme),
  'account.getThemes': works(themes.getThemes),
  'account.uploadTheme': works(themes.uploadTheme),
  'account.saveTheme': works(themes.saveTheme),
  'account.installTheme': works(themes.installTheme),
}
