import type { AuthKeySignal, RecordCodec } from '@heliograph/schemas/avro'
import { AUTH_KEYS_CHANNEL, type Bus, type Subscription, userChannel } from '@heliograph/storage'

const SCHEMA_ID_BYTES = 4

interface Watched {
  readonly userId: number
  readonly subscription: Subscription
}

/**
 * Hears what happens to auth keys: on their users' channels, and on one for all keys of nobody, so that a connection that is
 * not logged in costs no subscription. Users' channels carry everything that a user is told, so the
 * schema id is looked at before anything is decoded.
 */
export class KeySignals {
  readonly #bus: Bus
  readonly #codec: RecordCodec
  readonly #heard: (id: string, change: string, userId: number | null) => void
  readonly #schemaId: number
  readonly #watched = new Map<string, Watched>()
  readonly #listening: Promise<Subscription>

  constructor(
    ports: { readonly bus: Bus; readonly codec: RecordCodec },
    heard: (id: string, change: string, userId: number | null) => void,
  ) {
    this.#bus = ports.bus
    this.#codec = ports.codec
    this.#heard = heard
    const sample = ports.codec.encodeBare({ type: 'AuthKeySignal', authKeyId: '', change: '', userId: null })
    this.#schemaId = sample.readInt32BE(0)
    this.#listening = ports.bus.subscribe(AUTH_KEYS_CHANNEL, (payload) => this.#received(payload))
    // Whoever waits for it hears of a failure.
    this.#listening.catch(() => undefined)
  }

  /** Resolves when keys of nobody are followed. */
  async listening(): Promise<void> {
    await this.#listening
  }

  /** Follows the channel of the user that is logged in on this key. */
  async watch(keyId: string, userId: number): Promise<void> {
    if (this.#watched.get(keyId)?.userId === userId) return
    this.unwatch(keyId)
    const subscription = await this.#bus.subscribe(userChannel(userId), (payload) =>
      this.#received(payload, keyId),
    )
    this.unwatch(keyId)
    this.#watched.set(keyId, { userId, subscription })
  }

  unwatch(keyId: string): void {
    this.#watched.get(keyId)?.subscription.close()
    this.#watched.delete(keyId)
  }

  close(): void {
    this.#listening.then(
      (subscription) => subscription.close(),
      () => undefined,
    )
  }

  #received(payload: Buffer, keyId?: string): void {
    if (payload.length < SCHEMA_ID_BYTES || payload.readInt32BE(0) !== this.#schemaId) return
    const signal = this.#codec.decodeBare<AuthKeySignal>(payload)
    if (keyId === undefined || signal.authKeyId === keyId)
      this.#heard(signal.authKeyId, signal.change, signal.userId)
  }
}
