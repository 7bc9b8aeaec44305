import { type SealingKey, sealingKey } from '../crypto/packet.ts'
import type { AuthKey, AuthKeyId, SessionId } from '../ports.ts'
import { KeySalts } from './salts.ts'
import type { Session } from './session.ts'

/** What the engine holds in memory for one auth key that is in use. */
export class KeyState {
  key: AuthKey
  /** The permanent key that this one speaks for: itself, unless it is a bound temporary key. */
  owner: AuthKey
  readonly sealing: SealingKey
  readonly salts = new KeySalts()
  sessions: readonly Session[] = []
  /** While `auth.bindTempAuthKey` runs: calls that came behind it wait here. */
  binding: Promise<void> | undefined
  /** `destroy_auth_key` has begun: nothing more is accepted. */
  destroyed = false

  constructor(key: AuthKey, owner: AuthKey) {
    this.key = key
    this.owner = owner
    this.sealing = sealingKey(key.key)
  }

  get id(): AuthKeyId {
    return this.key.id
  }

  /** A temporary key that does not yet speak for a permanent one may only be bound. */
  get isUnbound(): boolean {
    return this.key.expiresAt !== undefined && this.key.boundTo === undefined
  }

  session(id: SessionId): Session | undefined {
    for (const session of this.sessions) if (session.sessionId === id) return session
    return undefined
  }
}
