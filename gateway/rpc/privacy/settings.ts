import { decodeObject, encodeObject, type Tl } from '@heliograph/schemas/tl'
import { type Audience, audienceOf, type PrivacyKey, type PrivacyRule } from './rules.ts'

/** Everything that one user has decided about what others may see and do. */
export interface Privacy {
  /** As given by the user's client; keys that are missing have their defaults. */
  readonly rules: ReadonlyMap<PrivacyKey, readonly PrivacyRule[]>
  readonly closeFriends: ReadonlySet<number>
  readonly global: Tl<'globalPrivacySettings'>
}

/** A user's settings as the directory keeps them: made once, asked often. */
export interface OpenedPrivacy extends Privacy {
  readonly audiences: ReadonlyMap<PrivacyKey, Audience>
  /** All chats that some rule names. */
  readonly chats: readonly number[]
}

export const NO_PRIVACY: Privacy = {
  rules: new Map(),
  closeFriends: new Set(),
  global: { _: 'globalPrivacySettings' },
}

interface Stored {
  readonly rules: [PrivacyKey, PrivacyRule[]][]
  readonly closeFriends: number[]
  /** TL bytes in base64. */
  readonly global: string
}

/** The bytes to be sealed. */
export function encodePrivacy({ rules, closeFriends, global }: Privacy): Buffer {
  const stored: Stored = {
    rules: [...rules].map(([key, list]) => [key, [...list]]),
    closeFriends: [...closeFriends],
    global: Buffer.from(encodeObject(global)).toString('base64'),
  }
  return Buffer.from(JSON.stringify(stored))
}

/** What `encodePrivacy` made. */
export function decodePrivacy(bytes: Buffer): OpenedPrivacy {
  const { rules, closeFriends, global } = JSON.parse(bytes.toString()) as Stored
  const audiences = new Map(rules.map(([key, list]) => [key, audienceOf(list)]))
  const chats = [...audiences.values()].flatMap((each) => [...each.allowedChats, ...each.deniedChats])
  return {
    rules: new Map(rules),
    closeFriends: new Set(closeFriends),
    global: decodeObject(Buffer.from(global, 'base64')) as unknown as Tl<'globalPrivacySettings'>,
    audiences,
    chats: [...new Set(chats)],
  }
}
