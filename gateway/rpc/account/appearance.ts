import { encodeObject, RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { Handler } from '../handler.ts'
import { changeProfile } from './own-profile.ts'

const FIRST_BIRTH_YEAR = 1800
const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
/** Colours that clients know without being told more (core.telegram.org/api/colors). */
const MAX_COLOR = 20

/** A birthday without a year may be the 29th of February; none takes the former one away. */
export const updateBirthday: Handler<'account.updateBirthday'> = async ({ birthday }, context) => {
  if (birthday !== undefined && !isBirthday(birthday, context.now))
    throw new RpcError(400, 'BIRTHDAY_INVALID')
  const stored = birthday && { day: birthday.day, month: birthday.month, year: birthday.year ?? null }
  await changeProfile(context, { birthday: stored ?? null })
  return true
}

/** Whether it is a day that there is, and not in the future. */
export function isBirthday({ day, month, year }: Tl<'birthday'>, now: number): boolean {
  const days = DAYS_IN_MONTH[month - 1]
  if (days === undefined || day < 1 || day > days) return false
  if (year === undefined) return true
  const date = new Date(Date.UTC(year, month - 1, day))
  return year >= FIRST_BIRTH_YEAR && date.getUTCDate() === day && date.getTime() <= now * 1000
}

/** The colour of the name, or of the profile page. */
export const updateColor: Handler<'account.updateColor'> = async ({ forProfile, color }, context) => {
  const stored = color === undefined ? null : Buffer.from(encodeObject(plainColor(color)))
  await changeProfile(context, forProfile ? { profileColor: stored } : { color: stored })
  return true
}

function plainColor(color: TlType<'PeerColor'>): Tl<'peerColor'> {
  if (color._ !== 'peerColor' || (color.color ?? 0) < 0 || (color.color ?? 0) > MAX_COLOR)
    throw new RpcError(400, 'COLOR_INVALID')
  return color
}

/** There are no collectibles: COLLECTIBLE_INVALID. */
export const updateEmojiStatus: Handler<'account.updateEmojiStatus'> = async ({ emojiStatus }, context) => {
  if (emojiStatus._ === 'emojiStatusEmpty') {
    await changeProfile(context, { emojiStatus: null })
    return true
  }
  if (emojiStatus._ !== 'emojiStatus') throw new RpcError(400, 'COLLECTIBLE_INVALID')
  if (emojiStatus.documentId === 0n) throw new RpcError(400, 'DOCUMENT_INVALID')
  await changeProfile(context, { emojiStatus: Buffer.from(encodeObject(emojiStatus)) })
  return true
}
