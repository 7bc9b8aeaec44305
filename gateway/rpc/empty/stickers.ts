import type { Tl } from '@heliograph/schemas/tl'
import { empty, type Handlers, openEmpty } from '../handler.ts'

/** Featured stickers and searches for words and groups: there are none. A hash of 0 tells clients that there is nothing to compare with. */
const featured: Tl<'messages.featuredStickers'> = {
  _: 'messages.featuredStickers',
  hash: 0n,
  count: 0,
  sets: [],
  unread: [],
}
const emojiGroups: Tl<'messages.emojiGroups'> = { _: 'messages.emojiGroups', hash: 0, groups: [] }

function keywords(langCode: string, fromVersion: number): Tl<'emojiKeywordsDifference'> {
  return { _: 'emojiKeywordsDifference', langCode, fromVersion, version: 1, keywords: [] }
}

export const stickerHandlers: Handlers = {
  'messages.getFeaturedStickers': empty(() => featured),
  'messages.getFeaturedEmojiStickers': empty(() => featured),
  'messages.getOldFeaturedStickers': empty(() => featured),
  'messages.readFeaturedStickers': empty(() => true),
  'messages.getEmojiKeywords': openEmpty((call) => keywords(call.langCode, 0)),
  'messages.getEmojiKeywordsDifference': openEmpty((call) => keywords(call.langCode, call.fromVersion)),
  'messages.getEmojiKeywordsLanguages': openEmpty(() => [{ _: 'emojiLanguage', langCode: 'en' }]),
  'messages.getEmojiURL': empty((_, { services }) => ({ _: 'emojiURL', url: services.config.publicUrl })),
  'messages.getEmojiGroups': empty(() => emojiGroups),
  'messages.getEmojiStatusGroups': empty(() => emojiGroups),
  'messages.getEmojiProfilePhotoGroups': empty(() => emojiGroups),
  'messages.getEmojiStickerGroups': empty(() => emojiGroups),
}
