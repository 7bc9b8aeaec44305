import { ADMIN_RIGHTS, BANNED_RIGHTS } from '@heliograph/schemas/avro'
import { RpcError, type Tl } from '@heliograph/schemas/tl'

const ADMIN_NAMES = Object.entries(ADMIN_RIGHTS) as [keyof typeof ADMIN_RIGHTS, number][]
const BANNED_NAMES = Object.entries(BANNED_RIGHTS) as [keyof typeof BANNED_RIGHTS, number][]

/** No end: what clients send and get for a restriction without an end is 0 or this. */
const NEVER = 0x7fff_ffff
/** A restriction that ends within half a minute, or after more than a year, has no end (core.telegram.org/api/rights). */
const SHORTEST_BAN_SECONDS = 30
const LONGEST_BAN_SECONDS = 366 * 24 * 3600

/** The bits of an administrator's rights. */
export function adminBits(rights: Tl<'chatAdminRights'>): number {
  return ADMIN_NAMES.reduce((bits, [name, bit]) => (rights[name] === true ? bits | bit : bits), 0)
}

const renderedAdmins = new Map<number, Tl<'chatAdminRights'>>()
const renderedBans = new Map<number, Tl<'chatBannedRights'>>()
/** Sets of rights that are kept rendered: there are few that anybody uses. */
const MAX_RENDERED = 1_000

/** The rights behind the bits, one object for each set. */
export function adminRights(bits: number): Tl<'chatAdminRights'> {
  return remembered(renderedAdmins, bits, () => ({ _: 'chatAdminRights', ...flagsOf(ADMIN_NAMES, bits) }))
}

/** The bits of what is forbidden; when it ends is `untilDate`. */
export function bannedBits(rights: Tl<'chatBannedRights'>): number {
  const bits = BANNED_NAMES.reduce((set, [name, bit]) => (rights[name] === true ? set | bit : set), 0)
  return bits & MEDIA_BITS ? bits : bits & BANNED_RIGHTS.sendMedia ? bits | MEDIA_BITS : bits
}

/** Older clients forbid all media at once. */
const MEDIA_BITS =
  BANNED_RIGHTS.sendPhotos |
  BANNED_RIGHTS.sendVideos |
  BANNED_RIGHTS.sendRoundvideos |
  BANNED_RIGHTS.sendAudios |
  BANNED_RIGHTS.sendVoices |
  BANNED_RIGHTS.sendDocs

/** @param untilDate Unix seconds; 0 for ever */
export function bannedRights(bits: number, untilDate = 0): Tl<'chatBannedRights'> {
  if (untilDate !== 0) return { ...bannedRights(bits), untilDate }
  return remembered(renderedBans, bits, () => ({
    _: 'chatBannedRights',
    ...flagsOf(BANNED_NAMES, bits),
    untilDate: NEVER,
  }))
}

/** When a restriction given at `now` ends, as it is kept: Unix seconds, 0 never; a past date is 400 UNTIL_DATE_INVALID. */
export function banEnd(untilDate: number, now: number): number {
  if (untilDate < 0) throw new RpcError(400, 'UNTIL_DATE_INVALID')
  const seconds = untilDate - now
  return seconds < SHORTEST_BAN_SECONDS || seconds > LONGEST_BAN_SECONDS ? 0 : untilDate
}

function flagsOf<N extends string>(names: readonly [N, number][], bits: number): { [K in N]?: true } {
  const flags: { [K in N]?: true } = {}
  for (const [name, bit] of names) if ((bits & bit) !== 0) flags[name] = true
  return flags
}

function remembered<T>(known: Map<number, T>, bits: number, render: () => T): T {
  let value = known.get(bits)
  if (value === undefined) {
    value = render()
    if (known.size < MAX_RENDERED) known.set(bits, value)
  }
  return value
}
