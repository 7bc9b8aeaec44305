import { RpcError, type Tl } from '@heliograph/schemas/tl'
import type { Handler } from '../handler.ts'
import { entryByName } from './catalog.ts'
import { MAX_SHORT_NAME_LENGTH, MAX_TITLE_LENGTH } from './limits.ts'

/** core.telegram.org/bots/api#createnewstickerset */
const SHORT_NAME = /^[A-Za-z](?:_?[A-Za-z0-9])*$/
/** How many numbers are tried behind a name that is taken. */
const MAX_SUGGESTIONS = 20
const FALLBACK = 'stickers'

export const isShortName = (name: string): boolean =>
  name.length <= MAX_SHORT_NAME_LENGTH && SHORT_NAME.test(name)

/** Whether nobody has the name; 400 SHORT_NAME_INVALID, SHORT_NAME_OCCUPIED. */
export const checkShortName: Handler<'stickers.checkShortName'> = async (call, { services }) => {
  if (!isShortName(call.shortName)) throw new RpcError(400, 'SHORT_NAME_INVALID')
  if ((await entryByName(services, 'stickers', call.shortName)) !== undefined)
    throw new RpcError(400, 'SHORT_NAME_OCCUPIED')
  return true
}

/** A name that nobody has, made of the title. */
export const suggestShortName: Handler<'stickers.suggestShortName'> = async (call, { services }) => {
  const title = requireTitle(call.title, 'TITLE_INVALID')
  const base = baseOf(title)
  for (let number = 0; number < MAX_SUGGESTIONS; number += 1) {
    const shortName = number === 0 ? base : `${base}_${number}`
    if ((await entryByName(services, 'stickers', shortName)) === undefined) return suggested(shortName)
  }
  return suggested(`${base}_${services.random(4).toString('hex')}`)
}

const suggested = (shortName: string): Tl<'stickers.suggestedShortName'> => ({
  _: 'stickers.suggestedShortName',
  shortName,
})

/** Letters without their marks; what cannot be written in a name becomes one underscore. */
function baseOf(title: string): string {
  const plain = title.normalize('NFKD').replace(/\p{M}/gu, '')
  const name = plain.replace(/[^A-Za-z0-9]+/g, '_').replace(/^[_0-9]+|_+$/g, '')
  const cut = name.slice(0, MAX_SHORT_NAME_LENGTH / 2).replace(/_+$/, '')
  return cut === '' ? FALLBACK : cut
}

export function requireTitle(given: string, error: string): string {
  const title = given.trim()
  if (title === '' || title.length > MAX_TITLE_LENGTH) throw new RpcError(400, error)
  return title
}
