import type { BusRecord, ContactCard, UserId } from '@heliograph/schemas/avro'
import type { Tl } from '@heliograph/schemas/tl'
import {
  type Bus,
  blocked,
  contacts,
  presenceChannel,
  type RowOf,
  type RowRef,
  type StateCache,
  type Subscription,
  type Tables,
  usernameCollections,
  userScope,
  users,
} from '@heliograph/storage'
import { accessHash } from '../access-hash.ts'
import { presences, type Seen } from '../presence.ts'
import type { Mutual } from '../privacy/view.ts'
import { openCard, type Sealing } from '../sealed.ts'
import { tlValue } from '../settings.ts'
import { factsOf, SERVICE_USER, type UserFacts } from './facts.ts'
import { SERVICE_USER_ID } from './service-user.ts'
import { sharedChats } from './shared-chats.ts'
import { TwoGenerations } from './two-generations.ts'

/** Users kept opened in memory. */
export const MAX_CACHED_USERS = 20_000
/** Relations kept for one viewer. */
export const MAX_CACHED_RELATIONS = 500
/** The bus may lose the news of a change; nothing is believed for longer than this. */
export const MAX_AGE_MS = 60_000

/** How a viewer stands to another user. */
export interface Relation extends Mutual {
  /** The other user's card in the viewer's contacts. */
  readonly card: ContactCard | undefined
  /** The picture that the viewer has given it. */
  readonly personalPhoto: Tl<'photo'> | undefined
  readonly accessHash: bigint
}
/** A user as one viewer sees it. */
export interface UserView {
  /** Undefined where there is no such user. */
  readonly facts: UserFacts | undefined
  /** When it was seen, as far as is known. */
  readonly seen: Seen | undefined
  readonly relation: Relation
  /** The viewer itself, whose own rules may keep things from it. */
  readonly own: UserFacts | undefined
}
interface DatedRelation extends Relation {
  readonly viewerVersion: number
  readonly peerVersion: number
}

interface Entry {
  readonly id: UserId
  facts: UserFacts | undefined
  seen: Seen | undefined
  loadedAtMs: number
  /** Changes whenever this user's contacts do; never used twice. */
  contactsVersion: number
  /** Changes whenever the profile does. */
  profileVersion: number
  relations: TwoGenerations<UserId, DatedRelation> | undefined
  subscriptions: Subscription[] | undefined
}

export interface DirectoryPorts extends Sealing {
  readonly tables: Tables
  readonly cache: StateCache
  readonly bus: Bus
  readonly nowMs: () => number
}

const NEVER = Number.NEGATIVE_INFINITY
/** Users looked up at once. */
const LOAD_CHUNK = 500
const NO_RELATIONS: ReadonlyMap<UserId, DatedRelation> = new Map()
const NOTHING = Buffer.alloc(0)
const contactsChannel = (owner: UserId): string => `contacts:${owner}`

/**
 * Users as the gateway shows them: opened profiles, presence, contact cards and access hashes, kept in memory. A change is
 * heard on the bus; entries age anyway, since the bus may lose messages.
 */
export class UserDirectory {
  readonly #ports: DirectoryPorts
  readonly #entries = new TwoGenerations<UserId, Entry>(MAX_CACHED_USERS, (entry) => release(entry))
  #lastVersion = 0

  constructor(ports: DirectoryPorts) {
    this.#ports = ports
  }

  /** How the viewer sees a user, if that is at hand and fresh; the hot path. */
  cachedView(viewer: UserId, id: UserId): UserView | undefined {
    const own = this.#entries.get(viewer)
    const peer = this.#entries.get(id)
    const relation = own?.relations?.get(id)
    if (own === undefined || peer === undefined || relation === undefined) return undefined
    if (!this.#isFresh(peer) || !this.#isFresh(own) || !isCurrent(relation, own, peer)) return undefined
    return { facts: peer.facts, seen: peer.seen, relation, own: own.facts }
  }

  /** What is known of a user, if that is at hand and fresh. */
  cachedFacts(id: UserId): UserFacts | undefined {
    const entry = this.#entries.get(id)
    return entry !== undefined && this.#isFresh(entry) ? entry.facts : undefined
  }

  /** How the viewer sees each of these users, in order, loading what is not at hand. */
  async views(viewer: UserId, ids: readonly UserId[]): Promise<UserView[]> {
    const views: UserView[] = []
    for (let from = 0; from < ids.length; from += LOAD_CHUNK) {
      views.push(...(await this.#viewChunk(viewer, ids.slice(from, from + LOAD_CHUNK))))
    }
    return views
  }

  async #viewChunk(viewer: UserId, ids: readonly UserId[]): Promise<UserView[]> {
    const own = this.#entry(viewer)
    const peers = ids.map((id) => this.#entry(id))
    const stale = [...new Set([own, ...peers])].filter((entry) => !this.#isFresh(entry))
    if (stale.length > 0) await this.#loadFacts(stale)
    const relations = peers.map((peer) => own.relations?.get(peer.id))
    const missing = peers.filter(
      (peer, i) => relations[i] === undefined || !isCurrent(relations[i], own, peer),
    )
    const loaded = missing.length > 0 ? await this.#loadRelations(own, missing) : NO_RELATIONS
    return peers.map((peer, i) => ({
      facts: peer.facts,
      seen: peer.seen,
      relation: loaded.get(peer.id) ?? relations[i]!,
      own: own.facts,
    }))
  }

  /** Facts of one user, loaded if need be. */
  async find(id: UserId): Promise<UserFacts | undefined> {
    const entry = this.#entry(id)
    if (!this.#isFresh(entry)) await this.#loadFacts([entry])
    return entry.facts
  }

  /** Called when this node changed a profile: its own reads see that at once. */
  profileChanged(id: UserId): void {
    const entry = this.#entries.peek(id)
    if (entry === undefined) return
    entry.profileVersion = ++this.#lastVersion
    entry.loadedAtMs = NEVER
  }

  /** Called when this node changed the contacts of `owner`, or whom it blocks; tells the other nodes. */
  contactsChanged(owner: UserId): void {
    this.#forgetContacts(owner)
    this.#ports.bus.publish(contactsChannel(owner), NOTHING)
  }

  close(): void {
    this.#entries.clear()
  }

  #isFresh(entry: Entry): boolean {
    return this.#ports.nowMs() - entry.loadedAtMs < MAX_AGE_MS
  }

  #entry(id: UserId): Entry {
    const known = this.#entries.get(id)
    if (known !== undefined) return known
    const version = ++this.#lastVersion
    const entry: Entry = {
      id,
      facts: id === SERVICE_USER_ID ? SERVICE_USER : undefined,
      seen: undefined,
      loadedAtMs: id === SERVICE_USER_ID ? Number.POSITIVE_INFINITY : NEVER,
      contactsVersion: version,
      profileVersion: version,
      relations: undefined,
      subscriptions: undefined,
    }
    this.#entries.set(id, entry)
    return entry
  }

  async #loadFacts(entries: readonly Entry[]): Promise<void> {
    await Promise.all(entries.map((entry) => this.#subscribe(entry)))
    const { tables, nowMs } = this.#ports
    const nowBefore = nowMs()
    const versions = entries.map((entry) => entry.profileVersion)
    const ids = entries.map((entry) => entry.id)
    const refs = ids.flatMap((userId): RowRef[] => [
      { table: users, key: { userId } },
      { table: usernameCollections, key: { userId } },
    ])
    const [rows, seen] = await Promise.all([tables.getMany(refs), presences(this.#ports, ids)])
    const facts = await Promise.all(
      ids.map((id, i) => {
        const row = rows[2 * i] as UserRow | undefined
        return row && factsOf(this.#ports, id, row, rows[2 * i + 1] as CollectionRow | undefined)
      }),
    )
    entries.forEach((entry, i) => {
      // A change that came meanwhile is not in these values: they serve this call and are loaded again for the next.
      entry.facts = facts[i]
      entry.seen = seen[i]
      entry.loadedAtMs = entry.profileVersion === versions[i] ? nowBefore : NEVER
      // Contacts may have changed unheard as well.
      entry.contactsVersion = ++this.#lastVersion
    })
  }

  async #loadRelations(own: Entry, peers: readonly Entry[]): Promise<Map<UserId, DatedRelation>> {
    const viewer = own.id
    const viewerVersion = own.contactsVersion
    const peerVersions = peers.map((peer) => peer.contactsVersion)
    const refs = peers.flatMap(({ id }): RowRef[] => [
      { table: contacts, key: { userId: viewer, contactId: id } },
      { table: contacts, key: { userId: id, contactId: viewer } },
      { table: blocked, key: { userId: id, peerId: viewer } },
    ])
    const [rows, shared] = await Promise.all([
      this.#ports.tables.getMany(refs),
      this.#sharedChats(own, peers),
    ])
    const key = await this.#ports.keyring.find(userScope(viewer))
    own.relations ??= new TwoGenerations(MAX_CACHED_RELATIONS)
    const loaded = new Map<UserId, DatedRelation>()
    for (const [i, { id }] of peers.entries()) {
      const sealed = (rows[3 * i] as ContactRow | undefined)?.sealed
      const card = key && sealed ? openCard(this.#ports, viewer, key, sealed) : undefined
      const relation = {
        card,
        personalPhoto: card?.photo ? tlValue(card.photo, 'photo') : undefined,
        knows: rows[3 * i] !== undefined,
        knownBy: rows[3 * i + 1] !== undefined,
        blockedBy: rows[3 * i + 2] !== undefined,
        sharedChats: shared[2 * i]!,
        ownSharedChats: shared[2 * i + 1]!,
        accessHash: accessHash(this.#ports.keyring, viewer, 'user', id),
        viewerVersion,
        peerVersion: peerVersions[i]!,
      }
      own.relations.set(id, relation)
      loaded.set(id, relation)
    }
    return loaded
  }

  /** For each of them: of the chats in its rules those that the viewer is in, and the other way round. */
  #sharedChats(own: Entry, peers: readonly Entry[]): Promise<ReadonlySet<number>[]> {
    const chatsOf = ({ facts }: Entry): readonly number[] => facts?.privacy?.chats ?? []
    const asked = peers.flatMap((peer) => [
      { chats: chatsOf(peer), memberId: own.id },
      { chats: chatsOf(own), memberId: peer.id },
    ])
    return sharedChats(this.#ports.tables, asked)
  }

  async #subscribe(entry: Entry): Promise<void> {
    if (entry.subscriptions !== undefined || entry.id === SERVICE_USER_ID) return
    entry.subscriptions = []
    const { bus, codec } = this.#ports
    const opened = await Promise.all([
      bus.subscribe(presenceChannel(entry.id), (payload) => {
        const record = codec.decodeBare<BusRecord>(payload)
        if (record.type === 'Presence') entry.seen = record
        if (record.type === 'ProfileChanged') this.profileChanged(entry.id)
      }),
      bus.subscribe(contactsChannel(entry.id), () => this.#forgetContacts(entry.id)),
    ])
    if (this.#entries.peek(entry.id) === entry) entry.subscriptions = opened
    else for (const subscription of opened) subscription.close()
  }

  #forgetContacts(owner: UserId): void {
    const entry = this.#entries.peek(owner)
    if (entry !== undefined) entry.contactsVersion = ++this.#lastVersion
  }
}

type UserRow = RowOf<typeof users>
type CollectionRow = RowOf<typeof usernameCollections>
type ContactRow = RowOf<typeof contacts>

function isCurrent(relation: DatedRelation, own: Entry, peer: Entry): boolean {
  return relation.viewerVersion === own.contactsVersion && relation.peerVersion === peer.contactsVersion
}

function release(entry: Entry): void {
  for (const subscription of entry.subscriptions ?? []) subscription.close()
  entry.subscriptions = undefined
}
