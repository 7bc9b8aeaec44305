/** `chat:<ChatId>`, `user:<UserId>`, or a deployment-wide name such as `auth-keys`, `gateway-secrets`. */
export type KeyScope = string & { readonly brand: 'KeyScope' }

/** A data key, 32 bytes, usable by `seal` and `open`. */
export interface DataKey {
  readonly scope: KeyScope
  readonly key: Buffer
}

/** What `mac` is used for. */
export const MAC_PURPOSES = [
  'access-hash',
  'authorization-hash',
  'content-key',
  'content-name',
  'file-link',
  'file-reference',
  'login-code',
  'password',
  'phone',
  'server-salts',
] as const
export type MacPurpose = (typeof MAC_PURPOSES)[number]

/**
 * Data keys by scope, wrapped by a master key. A scope's key is made on first use, exactly once whoever asks first, and
 * deleting it makes everything sealed under it unreadable for ever.
 */
export interface Keyring {
  /** The key if it is at hand; the hot path. */
  cached(scope: KeyScope): DataKey | undefined
  /** Makes the key where there is none (durable before it resolves). */
  obtain(scope: KeyScope): Promise<DataKey>
  /** Undefined where there is none or it has been shredded. */
  find(scope: KeyScope): Promise<DataKey | undefined>
  shred(scope: KeyScope): Promise<void>
  /** HMAC-SHA256 with a secret of the deployment for `purpose`, which outlives the master key. */
  mac(purpose: MacPurpose, data: Buffer | string): Buffer
}

export const chatScope = (chatId: string): KeyScope => `chat:${chatId}` as KeyScope
export const userScope = (userId: number): KeyScope => `user:${userId}` as KeyScope
export const AUTH_KEYS_SCOPE = 'auth-keys' as KeyScope
