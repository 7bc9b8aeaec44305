import { RpcError } from '@heliograph/schemas/tl'
import { cleanName } from '../account/names.ts'

export const MAX_TITLE_LENGTH = 128
export const MAX_CHAT_ABOUT_LENGTH = 255
/** UTF-16 code units of an administrator's title. */
export const MAX_RANK_LENGTH = 16
export const MAX_INVITE_TITLE_LENGTH = 32
const MAX_TTL_SECONDS = 366 * 24 * 3600

/** A title of 1 to 128 characters; none is CHAT_TITLE_EMPTY, the rest of a longer one is cut off. */
export function requireTitle(title: string): string {
  const clean = cleanName(title).slice(0, MAX_TITLE_LENGTH)
  if (clean === '') throw new RpcError(400, 'CHAT_TITLE_EMPTY')
  return clean
}

export function requireChatAbout(about: string): string {
  if (about.length > MAX_CHAT_ABOUT_LENGTH) throw new RpcError(400, 'CHAT_ABOUT_TOO_LONG')
  return about.trim()
}

/** The title of an administrator or member; emoji are refused. */
export function requireRank(rank: string): string {
  const clean = cleanName(rank)
  if (clean.length > MAX_RANK_LENGTH) throw new RpcError(400, 'ADMIN_RANK_INVALID')
  if (/\p{Extended_Pictographic}/u.test(clean)) throw new RpcError(400, 'ADMIN_RANK_EMOJI_NOT_ALLOWED')
  return clean
}

/** Seconds after which messages go, 0 never. */
export function requireTtl(seconds: number | undefined): number {
  if (seconds === undefined) return 0
  if (seconds < 0 || seconds > MAX_TTL_SECONDS) throw new RpcError(400, 'TTL_PERIOD_INVALID')
  return seconds
}
