import { type AccountCommand, authKeyKey, type UserId } from '@heliograph/schemas/avro'
import { authKeys } from '@heliograph/storage'
import { sameClient } from '../../mtproto/client-info.ts'
import type { AuthKey, AuthKeyId, AuthKeyStore, ClientInfo } from '../../mtproto/ports.ts'
import { noteUse } from '../account/use.ts'
import type { Asker } from '../commander.ts'
import { TwoGenerations } from '../directory/two-generations.ts'
import { sealClient } from '../sealed.ts'
import type { Services } from '../services.ts'
import { untilTrue } from '../until-true.ts'
import { openKeyRow, sealKey } from './key-record.ts'
import { KeySignals } from './key-signals.ts'

/** Auth keys kept opened in memory. */
export const MAX_CACHED_KEYS = 100_000
/** A key without a user is looked up again at most this often, when its log-in at another gateway is asked about. */
export const REFRESH_INTERVAL_MS = 1_000
/** A key in use is looked up again so often, since the bus may have lost what happened to it. */
export const REVALIDATE_INTERVAL_MS = 5 * 60_000

interface Entry {
  /** Changed in place, since sessions hold on to it. */
  readonly key: AuthKey
  loadedAtMs: number
  /** When it was last asked whether it was logged in elsewhere. */
  refreshedAtMs?: number
  /** A look-up that is under way, or waits for its time. */
  refreshing?: Promise<void> | undefined
}

export type KeyStorePorts = Pick<
  Services,
  'tables' | 'bus' | 'codec' | 'keyring' | 'commands' | 'nowMs' | 'log'
>

/**
 * Auth keys: sealed in `account.events`, projected to the table `auth_keys`, opened in a bounded cache. Log-ins, log-outs and
 * destructions anywhere are heard on the bus, so a terminated session ends with its next frame; what the bus lost is found out
 * within `REVALIDATE_INTERVAL_MS`.
 */
export class LoggedAuthKeys implements AuthKeyStore {
  readonly #ports: KeyStorePorts
  readonly #entries = new TwoGenerations<AuthKeyId, Entry>(MAX_CACHED_KEYS, (entry) =>
    this.#signals.unwatch(entry.key.id),
  )
  readonly #signals: KeySignals

  constructor(ports: KeyStorePorts) {
    this.#ports = ports
    this.#signals = new KeySignals(ports, (id, change, userId) =>
      this.#heard(id as AuthKeyId, change, userId),
    )
  }

  cached(id: AuthKeyId): AuthKey | undefined {
    const entry = this.#entries.get(id)
    if (entry === undefined || this.#isExpired(entry.key)) return undefined
    if (this.#ports.nowMs() - entry.loadedAtMs >= REVALIDATE_INTERVAL_MS) this.#revalidate(id, entry)
    // A bound key is of use only together with the one that it speaks for.
    const { boundTo } = entry.key
    return boundTo !== undefined && this.#entries.get(boundTo) === undefined ? undefined : entry.key
  }

  async load(id: AuthKeyId): Promise<AuthKey | undefined> {
    const loaded = await this.#read(id)
    if (loaded === undefined || this.#isExpired(loaded)) return undefined
    const key = await this.#keep(loaded)
    const { boundTo } = key
    if (boundTo !== undefined && !this.#entries.get(boundTo) && !(await this.load(boundTo))) return undefined
    noteUse(this.#ports, key)
    return key
  }

  async create(key: AuthKey): Promise<void> {
    const sealedKey = await sealKey(this.#ports, key.id, key.key)
    const { firstSalt, expiresAt = null } = key
    await this.#ask({ type: 'RegisterAuthKey', authKeyId: key.id, sealedKey, firstSalt, expiresAt })
    await this.#keep(key)
  }

  async bind(temporary: AuthKeyId, permanent: AuthKeyId): Promise<void> {
    await this.#ask({ type: 'BindAuthKey', authKeyId: temporary, permanentKeyId: permanent })
    const key = this.#entries.get(temporary)?.key ?? (await this.load(temporary))
    if (key !== undefined) key.boundTo = permanent
    if (this.cached(permanent) === undefined) await this.load(permanent)
  }

  async destroy(id: AuthKeyId): Promise<void> {
    await this.#ask({ type: 'DestroyAuthKey', authKeyId: id })
    this.#forget(id)
  }

  /** Remembers what the client said of itself; only a change is written. A failure is no failure of the call. */
  describe(id: AuthKeyId, layer: number, client: ClientInfo | undefined): void {
    const key = this.#entries.get(id)?.key
    if (
      key === undefined ||
      (key.layer === layer && (client === undefined || sameClient(client, key.client)))
    )
      return
    key.layer = layer
    if (client !== undefined) key.client = client
    this.#writeDescription(id, layer, key.client).catch((error: unknown) =>
      this.#ports.log.warn({ error: String(error) }, 'the description of an auth key was not written'),
    )
  }

  /**
   * Logs the key in, durably, and waits until the other gateways can see it: one that does not would tell the client that it is not
   * logged in, which makes it forget its log-in. The row comes after the answer, and much later where its partition is taken over first.
   */
  async logIn(id: AuthKeyId, userId: UserId, asker: Asker): Promise<void> {
    await this.#ask({ type: 'LogInAuthKey', authKeyId: id, userId }, asker)
    await this.#loggedIn(id, userId)
    await untilTrue(
      async () => (await this.#ports.tables.get(authKeys, { authKeyId: id }))?.userId === userId,
    )
  }

  /** Logs the key out, durably; its next call is refused. */
  async logOut(id: AuthKeyId, asker: Asker): Promise<void> {
    await this.#ask({ type: 'LogOutAuthKey', authKeyId: id }, asker)
    this.#loggedOut(id)
  }

  /** Looks whether a key that seems to have no user was logged in at another gateway. */
  async refresh(id: AuthKeyId): Promise<void> {
    const entry = this.#entries.get(id)
    if (entry === undefined) return
    // Calls that come together wait for the same look-up.
    entry.refreshing ??= this.#refreshInTime(id, entry).finally(() => {
      entry.refreshing = undefined
    })
    await entry.refreshing
  }

  close(): void {
    this.#entries.clear()
    this.#signals.close()
  }

  /** Nobody is refused on the strength of an older look: where one has just been had, the next waits. */
  async #refreshInTime(id: AuthKeyId, entry: Entry): Promise<void> {
    const sinceMs = Math.abs(this.#ports.nowMs() - (entry.refreshedAtMs ?? Number.NEGATIVE_INFINITY))
    if (sinceMs < REFRESH_INTERVAL_MS)
      await new Promise((resolve) => setTimeout(resolve, REFRESH_INTERVAL_MS - sinceMs))
    entry.refreshedAtMs = this.#ports.nowMs()
    const stored = await this.#read(id)
    if (stored?.userId !== undefined) await this.#loggedIn(id, stored.userId as UserId)
  }

  #ask(command: AccountCommand & { readonly authKeyId: string }, asker?: Asker) {
    return this.#ports.commands.ask('account.commands', authKeyKey(command.authKeyId), command, asker)
  }

  async #writeDescription(id: AuthKeyId, layer: number, client: ClientInfo | undefined): Promise<void> {
    const sealed = client && (await sealClient(this.#ports, id, client))
    await this.#ask({ type: 'DescribeAuthKey', authKeyId: id, layer, client: sealed ?? null })
  }

  async #read(id: AuthKeyId): Promise<AuthKey | undefined> {
    const row = await this.#ports.tables.get(authKeys, { authKeyId: id })
    return row && openKeyRow(this.#ports, id, row)
  }

  /** Puts a key into the cache and follows its user; another load may have been faster, and its object is the one to use. */
  async #keep(key: AuthKey): Promise<AuthKey> {
    const entry = this.#entries.get(key.id)
    if (entry !== undefined) return entry.key
    this.#entries.set(key.id, { key, loadedAtMs: this.#ports.nowMs() })
    await this.#signals.listening()
    if (key.userId === undefined) return key
    await this.#signals.watch(key.id, key.userId)
    // It may have been logged out or destroyed between the read and the subscription.
    const again = await this.#read(key.id)
    if (again === undefined) this.#forget(key.id)
    else if (again.userId !== key.userId) this.#loggedOut(key.id)
    return key
  }

  /** In the background: whoever asks for the key now gets what is known. */
  #revalidate(id: AuthKeyId, entry: Entry): void {
    entry.loadedAtMs = this.#ports.nowMs()
    this.#readAgain(id, entry.key).catch((error: unknown) =>
      this.#ports.log.warn({ error: String(error) }, 'an auth key was not looked up again'),
    )
  }

  async #readAgain(id: AuthKeyId, { userId }: AuthKey): Promise<void> {
    const stored = await this.#read(id)
    const key = this.#entries.peek(id)?.key
    // What was heard meanwhile is newer than what was read.
    if (key === undefined || key.userId !== userId) return
    // A temporary key is asked for in the place of the one that it speaks for.
    if (stored?.boundTo !== undefined) this.cached(stored.boundTo)
    if (stored === undefined) this.#forget(id)
    else if (stored.userId === undefined) this.#loggedOut(id)
    else if (stored.userId !== userId) await this.#loggedIn(id, stored.userId as UserId)
    else {
      if (stored.activeAt !== undefined) key.activeAt = stored.activeAt
      noteUse(this.#ports, key)
    }
  }

  async #loggedIn(id: AuthKeyId, userId: UserId): Promise<void> {
    const key = this.#entries.get(id)?.key
    if (key === undefined) return
    key.userId = userId
    key.activeAt ??= Math.floor(this.#ports.nowMs() / 1000)
    await this.#signals.watch(id, userId)
  }

  #loggedOut(id: AuthKeyId): void {
    const key = this.#entries.peek(id)?.key
    if (key === undefined) return
    delete key.userId
    delete key.activeAt
    this.#signals.unwatch(id)
  }

  #forget(id: AuthKeyId): void {
    this.#loggedOut(id)
    this.#entries.delete(id)
  }

  #heard(id: AuthKeyId, change: string, userId: number | null): void {
    if (change === 'destroy') this.#forget(id)
    else if (change === 'log-out') this.#loggedOut(id)
    else if (change === 'log-in' && userId !== null && this.#entries.peek(id) !== undefined) {
      this.#entries.peek(id)!.key.userId = userId
    }
  }

  #isExpired(key: AuthKey): boolean {
    return key.expiresAt !== undefined && key.expiresAt * 1000 <= this.#ports.nowMs()
  }
}
