import { type Result, RpcError, type Tl } from '@heliograph/schemas/tl'
import { type Handlers, openEmpty } from '../handler.ts'

/** There is one language, whose pack holds nothing: clients keep the texts that they were built with. */
const LANGUAGE = 'en'
const VERSION = 1
/** Keys that one call may ask for. */
const MAX_KEYS = 1_000

const english = (publicUrl: string): Tl<'langPackLanguage'> => ({
  _: 'langPackLanguage',
  official: true,
  name: 'English',
  nativeName: 'English',
  langCode: LANGUAGE,
  pluralCode: LANGUAGE,
  stringsCount: 0,
  translatedCount: 0,
  translationsUrl: publicUrl,
})

/** Packs that clients are known to ask for; the name tells the kind of client (core.telegram.org/api/languages). */
const PACKS: ReadonlySet<string> = new Set([
  'android',
  'android_x',
  'ios',
  'macos',
  'tdesktop',
  'tdlib',
  'unigram',
  'weba',
  'webk',
  'webogram',
])

/** Who asks without the name of a pack means that of its own connection. */
function requirePack(pack: string): void {
  if (pack !== '' && !PACKS.has(pack)) throw new RpcError(400, 'LANG_PACK_INVALID')
}

function requireLanguage(langCode: string): void {
  if (langCode !== LANGUAGE) throw new RpcError(400, 'LANG_CODE_NOT_SUPPORTED')
}

function difference(langCode: string, fromVersion: number): Result<'langpack.getLangPack'> {
  return { _: 'langPackDifference', langCode, fromVersion, version: VERSION, strings: [] }
}

export const langpackHandlers: Handlers = {
  'langpack.getLangPack': openEmpty((call) => {
    requirePack(call.langPack)
    requireLanguage(call.langCode)
    return difference(call.langCode, 0)
  }),
  'langpack.getDifference': openEmpty((call) => {
    requirePack(call.langPack)
    return difference(call.langCode, call.fromVersion)
  }),
  'langpack.getStrings': openEmpty((call) => {
    requirePack(call.langPack)
    requireLanguage(call.langCode)
    return call.keys.slice(0, MAX_KEYS).map((key) => ({ _: 'langPackStringDeleted', key }))
  }),
  'langpack.getLanguages': openEmpty((call, { services }) => {
    requirePack(call.langPack)
    return [english(services.config.publicUrl)]
  }),
  'langpack.getLanguage': openEmpty((call, { services }) => {
    requirePack(call.langPack)
    requireLanguage(call.langCode)
    return english(services.config.publicUrl)
  }),
}
