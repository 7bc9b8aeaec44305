import type { Random } from '@heliograph/actors/simulation'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import type { World } from '../world/world.ts'
import type { ClubDeeds } from './clubs.ts'
import { type Deeds, parseText, SECRET_NAME, textOf } from './deeds.ts'
import type { Device, Peer } from './device.ts'
import { GroupMember } from './group-member.ts'
import type { GroupDeeds } from './groups.ts'
import { Member } from './member.ts'
import { deleteMessage, editMessage, newestMessages, readHistory, sentId } from './message-calls.ts'

/** Between two deeds. */
const PAUSE_WITHIN_MS = 900
const BURST = 3

/** What people do with a client, one thing after the other, as chance will have it. */
export class Person {
  readonly #world: World
  readonly #device: Device
  readonly #deeds: Deeds
  readonly #clubs: ClubDeeds
  readonly #groups: GroupDeeds
  readonly #random: Random
  #peers: readonly Peer[] = []
  #member: Member | GroupMember | undefined

  constructor(world: World, device: Device, deeds: Deeds, clubs: ClubDeeds, groups: GroupDeeds) {
    this.#world = world
    this.#device = device
    this.#deeds = deeds
    this.#clubs = clubs
    this.#groups = groups
    this.#random = world.time.random
  }

  /** Finds the others by their numbers. */
  async meet(phones: readonly string[]): Promise<void> {
    const contacts = phones.map((phone, i) => {
      const names = { firstName: `${SECRET_NAME} ${i}`, lastName: '' }
      return { _: 'inputPhoneContact', clientId: BigInt(i), phone, ...names } as const
    })
    const { users } = await this.#device.connection.until('contacts.importContacts', { contacts })
    this.#peers = users.flatMap((user) =>
      user._ === 'user' ? [{ userId: user.id, accessHash: user.accessHash ?? 0n }] : [],
    )
    if (this.#peers.length !== phones.length)
      throw new Error(`${this.#device.life.name} does not find everybody`)
  }

  get peers(): readonly Peer[] {
    return this.#peers
  }

  async live(deeds: number): Promise<void> {
    const { club } = this.#clubs
    if (club !== undefined)
      this.#member = new Member(this.#world, this.#device, this.#clubs, club, this.#peers)
    if (this.#groups.chatId !== undefined)
      this.#member = new GroupMember(this.#world, this.#device, this.#groups, this.#peers)
    for (let i = 0; i < deeds; i++) {
      await this.#world.time.sleep(this.#random.below(PAUSE_WITHIN_MS), this.#device.life)
      await this.#something()
    }
  }

  async #something(): Promise<void> {
    if (this.#member !== undefined && this.#random.below(2) === 0) return this.#member.something()
    switch (this.#random.below(12)) {
      case 0:
        return this.#device.connection.drop()
      case 1:
        return this.#edit()
      case 2:
        return this.#delete()
      case 3:
      case 4:
        return this.#read()
      case 5: {
        const peer = this.#random.pick(this.#peers)
        await Promise.all(Array.from({ length: BURST }, () => this.#send(peer)))
        return
      }
      case 6:
        return this.#look()
      default:
        return this.#send(this.#random.pick(this.#peers))
    }
  }

  async #send(peer: Peer): Promise<void> {
    const { connection, userId, life } = this.#device
    const sent = this.#deeds.newSend(userId, peer.userId, life.name, this.#world.time.nowMs)
    const randomId = BigInt(sent.n) * 1_000_003n
    const message = { peer: inputPeer(peer), message: textOf(sent), randomId }
    try {
      const updates = await connection.until('messages.sendMessage', message)
      sent.msgId = sentId(updates)
      sent.answeredMs = this.#world.time.nowMs
      this.#world.see('sent')
      this.#device.take(updates)
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
      sent.refused = error.message
    }
  }

  async #edit(): Promise<void> {
    const { view, userId } = this.#device
    const own = [...view.messages.values()].filter(({ text }) => parseText(text)?.from === userId)
    if (own.length === 0) return
    const message = this.#random.pick(own)
    const said = parseText(message.text)!
    const change = this.#deeds.newChange('edit', said.n, userId)
    const text = `${textOf(this.#deeds.sent[said.n - 1]!)} e${this.#deeds.changed.length}`
    const peer = inputPeer(this.#peer(message.peerId))
    await this.#change(change, () => editMessage(this.#device, peer, message.id, text))
  }

  async #delete(): Promise<void> {
    const { view, userId } = this.#device
    const known = [...view.messages.values()].filter(({ text }) => parseText(text) !== undefined)
    if (known.length === 0) return
    const { id, text } = this.#random.pick(known)
    const revoke = this.#random.below(2) === 0
    const change = this.#deeds.newChange(revoke ? 'revoke' : 'delete', parseText(text)!.n, userId)
    await this.#change(change, () => deleteMessage(this.#device, id, revoke))
  }

  async #read(): Promise<void> {
    const { view } = this.#device
    const incoming = [...view.messages.values()].filter(({ out, peerId }) => !out && this.#isPeer(peerId))
    if (incoming.length === 0) return
    const { id: maxId, peerId } = this.#random.pick(incoming)
    await readHistory(this.#device, inputPeer(this.#peer(peerId)), peerId, maxId)
    this.#world.see('read')
  }

  /** What was acknowledged to this client is in the history that it reads next. */
  async #look(): Promise<void> {
    const { life } = this.#device
    const peer = this.#random.pick(this.#peers)
    const acknowledged = this.#deeds.sent.filter(
      ({ to, device, msgId }) => to === peer.userId && device === life.name && msgId !== undefined,
    )
    const had = (await newestMessages(this.#device, inputPeer(peer))).map(({ id }) => id)
    for (const { n, msgId } of acknowledged) {
      const isGone = this.#deeds.changed.some((change) => change.kind !== 'edit' && change.n === n)
      if (!isGone && !had.includes(msgId!))
        this.#world.bugs.push(`${life.name} does not find its message ${n}`)
    }
  }

  async #change(change: ReturnType<Deeds['newChange']>, act: () => Promise<void>): Promise<void> {
    try {
      await act()
      change.acknowledged = true
      this.#world.see(change.kind)
    } catch (error) {
      // Another client may have deleted it meanwhile, or the first try was carried out.
      if (!(error instanceof RpcError)) throw error
      this.#world.see(`${change.kind} ${error.message}`)
    }
  }

  #isPeer(userId: number): boolean {
    return this.#peers.some((peer) => peer.userId === userId)
  }

  #peer(userId: number): Peer {
    return this.#peers.find((peer) => peer.userId === userId) ?? { userId, accessHash: 0n }
  }
}

export const inputPeer = ({ userId, accessHash }: Peer): TlType<'InputPeer'> => ({
  _: 'inputPeerUser',
  userId,
  accessHash,
})
