import type { AuthKeySignal, RecordCodec } from '@heliograph/schemas/avro'
import { type Bus, type Subscription, userChannel } from '@heliograph/storage'

const SCHEMA_ID_BYTES = 4

interface Watched {
  readonly userId: number
  readonly subscription: Subscription
}

/**
 * Hears what happens to auth keys on their users' channels. Those channels carry everything that a user is told, so the
 * schema id is looked at before anything is decoded.
 */
export class KeySignals {
  readonly #bus: Bus
  readonly #codec: RecordCodec
  readonly #heard: (id: string, change: string, userId: number | null) => void
  readonly #schemaId: number
  readonly #watched = new Map<string, Watched>()

  constructor(
    ports: { readonly bus: Bus; readonly codec: RecordCodec },
    heard: (id: string, change: string, userId: number | null) => void,
  ) {
    this.#bus = ports.bus
    this.#codec = ports.codec
    this.#heard = heard
    const sample = ports.codec.encodeBare({ type: 'AuthKeySignal', authKeyId: '', change: '', userId: null })
    this.#schemaId = sample.readInt32BE(0)
  }

  /** Follows the channel of the user that is logged in on this key. */
  async watch(keyId: string, userId: number): Promise<void> {
    if (this.#watched.get(keyId)?.userId === userId) return
    this.unwatch(keyId)
    const subscription = await this.#bus.subscribe(userChannel(userId), (payload) =>
      this.#received(keyId, payload),
    )
    this.unwatch(keyId)
    this.#watched.set(keyId, { userId, subscription })
  }

  unwatch(keyId: string): void {
    this.#watched.get(keyId)?.subscription.close()
    this.#watched.delete(keyId)
  }

  #received(keyId: string, payload: Buffer): void {
    if (payload.length < SCHEMA_ID_BYTES || payload.readInt32BE(0) !== this.#schemaId) return
    const signal = this.#codec.decodeBare<AuthKeySignal>(payload)
    if (signal.authKeyId === keyId) this.#heard(keyId, signal.change, signal.userId)
  }
}
