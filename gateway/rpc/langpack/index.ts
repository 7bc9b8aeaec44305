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

function difference(langCode: string, fromVersion: number): Result<'langpack.getLangPack'> {
  return { _: 'langPackDifference', langCode, fromVersion, version: VERSION, strings: [] }
}

export const langpackHandlers: Handlers = {
  'langpack.getLangPack': openEmpty((call) => difference(call.langCode, 0)),
  'langpack.getDifference': openEmpty((call) => difference(call.langCode, call.fromVersion)),
  'langpack.getStrings': openEmpty((call) =>
    call.keys.slice(0, MAX_KEYS).map((key) => ({ _: 'langPackStringDeleted', key })),
  ),
  'langpack.getLanguages': openEmpty((_, { services }) => [english(services.config.publicUrl)]),
  'langpack.getLanguage': openEmpty((call, { services }) => {
    if (call.langCode !== LANGUAGE) throw new RpcError(400, 'LANG_CODE_NOT_SUPPORTED')
    return english(services.config.publicUrl)
  }),
}
