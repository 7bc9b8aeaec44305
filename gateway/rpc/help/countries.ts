import type { Result, Tl } from '@heliograph/schemas/tl'
import type { OpenHandler } from '../handler.ts'
import { callingCodes } from './calling-codes.ts'
import { textHash } from './text-hash.ts'

const DEFAULT_LANGUAGE = 'en'
/** Languages whose lists are kept; clients name any they like. */
const MAX_LISTS = 100

const lists = new Map<string, Tl<'help.countriesList'>>()

/** Countries and calling codes, named in English and in the client's language where Node knows that. */
export const getCountriesList: OpenHandler<'help.getCountriesList'> = (call) => {
  const list = countriesList(call.langCode)
  return call.hash === list.hash ? { _: 'help.countriesListNotModified' } : list
}

function countriesList(langCode: string): Tl<'help.countriesList'> {
  const [language = DEFAULT_LANGUAGE] = Intl.DisplayNames.supportedLocalesOf(knownLocale(langCode))
  const known = lists.get(language)
  if (known !== undefined) return known
  const list = build(language)
  if (lists.size < MAX_LISTS) lists.set(language, list)
  return list
}

function build(language: string): Tl<'help.countriesList'> {
  const english = new Intl.DisplayNames([DEFAULT_LANGUAGE], { type: 'region' })
  const local = new Intl.DisplayNames([language], { type: 'region' })
  const countries = callingCodes.map(({ iso2, code, prefixes }): Tl<'help.country'> => {
    const defaultName = english.of(iso2) ?? iso2
    const name = local.of(iso2)
    return {
      _: 'help.country',
      iso2,
      defaultName,
      ...(name !== undefined && name !== defaultName && { name }),
      countryCodes: [{ _: 'help.countryCode', countryCode: code, ...(prefixes.length > 0 && { prefixes }) }],
    }
  })
  const hash = textHash(`${language}:${countries.map(({ defaultName }) => defaultName).join()}`)
  return { _: 'help.countriesList', countries, hash } satisfies Result<'help.getCountriesList'>
}

/** `supportedLocalesOf` throws at what is no language tag at all. */
function knownLocale(langCode: string): string {
  return /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(langCode) ? langCode : DEFAULT_LANGUAGE
}
