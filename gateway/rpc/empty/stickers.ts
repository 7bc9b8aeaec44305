import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import { empty, type Handlers, openEmpty } from '../handler.ts'

/** Stickers, custom emoji and GIFs: nobody has any. A hash of 0 tells clients that there is nothing to compare with. */
const allStickers: Tl<'messages.allStickers'> = { _: 'messages.allStickers', hash: 0n, sets: [] }
const featured: Tl<'messages.featuredStickers'> = {
  _: 'messages.featuredStickers',
  hash: 0n,
  count: 0,
  sets: [],
  unread: [],
}
const foundSets: Tl<'messages.foundStickerSets'> = { _: 'messages.foundStickerSets', hash: 0n, sets: [] }
const emojiGroups: Tl<'messages.emojiGroups'> = { _: 'messages.emojiGroups', hash: 0, groups: [] }

/** Sets that clients ask for by their purpose exist, with nothing in them; any other is unknown. */
function stickerSet(input: TlType<'InputStickerSet'>): Tl<'messages.stickerSet'> {
  const isNamed = input._ === 'inputStickerSetID' || input._ === 'inputStickerSetShortName'
  if (isNamed || input._ === 'inputStickerSetEmpty') throw new RpcError(406, 'STICKERSET_INVALID')
  const name = input._.slice('inputStickerSet'.length)
  return {
    _: 'messages.stickerSet',
    set: {
      _: 'stickerSet',
      official: true,
      id: 0n,
      accessHash: 0n,
      title: name,
      shortName: name,
      count: 0,
      hash: 0,
    },
    packs: [],
    keywords: [],
    documents: [],
  }
}

function keywords(langCode: string, fromVersion: number): Tl<'emojiKeywordsDifference'> {
  return { _: 'emojiKeywordsDifference', langCode, fromVersion, version: 1, keywords: [] }
}

export const stickerHandlers: Handlers = {
  'messages.getAllStickers': empty(() => allStickers),
  'messages.getMaskStickers': empty(() => allStickers),
  'messages.getEmojiStickers': empty(() => allStickers),
  'messages.getFeaturedStickers': empty(() => featured),
  'messages.getFeaturedEmojiStickers': empty(() => featured),
  'messages.getOldFeaturedStickers': empty(() => featured),
  'messages.readFeaturedStickers': empty(() => true),
  'messages.getArchivedStickers': empty(() => ({ _: 'messages.archivedStickers', count: 0, sets: [] })),
  'messages.getRecentStickers': empty(() => ({
    _: 'messages.recentStickers',
    hash: 0n,
    packs: [],
    stickers: [],
    dates: [],
  })),
  'messages.clearRecentStickers': empty(() => true),
  'messages.getFavedStickers': empty(() => ({
    _: 'messages.favedStickers',
    hash: 0n,
    packs: [],
    stickers: [],
  })),
  'messages.getStickers': empty(() => ({ _: 'messages.stickers', hash: 0n, stickers: [] })),
  'messages.getStickerSet': empty((call) => stickerSet(call.stickerset)),
  'messages.getMyStickers': empty(() => ({ _: 'messages.myStickers', count: 0, sets: [] })),
  'messages.getAttachedStickers': empty(() => []),
  'messages.searchStickerSets': empty(() => foundSets),
  'messages.searchEmojiStickerSets': empty(() => foundSets),
  'messages.searchStickers': empty(() => ({ _: 'messages.foundStickers', hash: 0n, stickers: [] })),
  'messages.searchCustomEmoji': empty(() => ({ _: 'emojiList', hash: 0n, documentId: [] })),
  'messages.getCustomEmojiDocuments': empty(() => []),
  'messages.getEmojiKeywords': openEmpty((call) => keywords(call.langCode, 0)),
  'messages.getEmojiKeywordsDifference': openEmpty((call) => keywords(call.langCode, call.fromVersion)),
  'messages.getEmojiKeywordsLanguages': openEmpty(() => [{ _: 'emojiLanguage', langCode: 'en' }]),
  'messages.getEmojiURL': empty((_, { services }) => ({ _: 'emojiURL', url: services.config.publicUrl })),
  'messages.getEmojiGroups': empty(() => emojiGroups),
  'messages.getEmojiStatusGroups': empty(() => emojiGroups),
  'messages.getEmojiProfilePhotoGroups': empty(() => emojiGroups),
  'messages.getEmojiStickerGroups': empty(() => emojiGroups),
  'messages.getSavedGifs': empty(() => ({ _: 'messages.savedGifs', hash: 0n, gifs: [] })),
}
