import type { Random } from '@heliograph/actors/simulation'
import type { TlType } from '@heliograph/schemas/tl'
import type { World } from '../world/world.ts'
import { attempt } from './attempt.ts'
import type { Posted } from './clubs.ts'
import type { Device, Peer } from './device.ts'
import {
  type GroupDeeds,
  type GroupPostChanged,
  type GroupReacted,
  groupRandomId,
  groupText,
  inputUser,
  parseGroupText,
} from './groups.ts'
import { REACTIONS } from './member.ts'
import { deleteMessage, editMessage, react, readHistory } from './message-calls.ts'

/** What people do with a client in a basic group. */
export class GroupMember {
  readonly #world: World
  readonly #device: Device
  readonly #deeds: GroupDeeds
  readonly #peers: readonly Peer[]
  readonly #random: Random

  constructor(world: World, device: Device, deeds: GroupDeeds, peers: readonly Peer[]) {
    this.#world = world
    this.#device = device
    this.#deeds = deeds
    this.#peers = peers
    this.#random = world.time.random
  }

  async something(): Promise<void> {
    const { connection } = this.#device
    const chatId = this.#deeds.chatId!
    const userId = inputUser(this.#random.pick(this.#peers))
    switch (this.#random.below(14)) {
      case 0:
        return this.#try('removed', async () => {
          this.#device.take(await connection.until('messages.deleteChatUser', { chatId, userId }))
        })
      case 1:
      case 2:
        return this.#try('added', async () => {
          const added = await connection.until('messages.addChatUser', { chatId, userId, fwdLimit: 0 })
          this.#device.take(added.updates)
        })
      case 3:
        return this.#try('left group', async () => {
          const self = { _: 'inputUserSelf' } as const
          this.#device.take(await connection.until('messages.deleteChatUser', { chatId, userId: self }))
        })
      case 4:
        return this.#edit()
      case 5:
        return this.#delete()
      case 6:
      case 7:
        return this.#react()
      case 8:
      case 9:
        return this.#read()
      default:
        return this.#post()
    }
  }

  get #peer(): TlType<'InputPeer'> {
    return { _: 'inputPeerChat', chatId: this.#deeds.chatId! }
  }

  async #post(): Promise<void> {
    const { connection, userId: from } = this.#device
    const { posts } = this.#deeds
    const posted: Posted = { n: posts.length + 1, from, begunMs: this.#world.time.nowMs }
    posts.push(posted)
    const message = {
      peer: this.#peer,
      message: groupText(posted),
      randomId: groupRandomId(posted),
    }
    await this.#try('posted to group', async () => {
      const updates = await connection.until('messages.sendMessage', message)
      posted.answeredMs = this.#world.time.nowMs
      this.#device.take(updates)
    })
  }

  async #edit(): Promise<void> {
    const { userId } = this.#device
    const own = this.#known().filter(({ from }) => from === userId)
    if (own.length === 0) return
    const post = this.#random.pick(own)
    const change = this.#deeds.newChange('edit', post.n, userId)
    const text = groupText(post, this.#deeds.changed.length)
    await this.#change(change, () => editMessage(this.#device, this.#peer, post.id, text))
  }

  async #delete(): Promise<void> {
    const { userId } = this.#device
    const known = this.#known()
    if (known.length === 0) return
    const { id, n } = this.#random.pick(known)
    const revoke = this.#random.below(2) === 0
    const change = this.#deeds.newChange(revoke ? 'revoke' : 'delete', n, userId)
    await this.#change(change, () => deleteMessage(this.#device, id, revoke))
  }

  async #react(): Promise<void> {
    const { userId } = this.#device
    const known = this.#known()
    if (known.length === 0) return
    const { id: msgId, n } = this.#random.pick(known)
    const reaction = this.#random.pick(REACTIONS)
    const reacted: GroupReacted = { userId, n, reaction, acknowledged: false }
    this.#deeds.reacted.push(reacted)
    await this.#try('reacted in group', async () => {
      await react(this.#device, this.#peer, msgId, reaction)
      reacted.acknowledged = true
    })
  }

  async #read(): Promise<void> {
    const { view } = this.#device
    const peerId = -this.#deeds.chatId!
    const incoming = [...view.messages.values()].filter((each) => each.peerId === peerId && !each.out)
    if (incoming.length === 0) return
    const { id: maxId } = this.#random.pick(incoming)
    await this.#try('group read', () => readHistory(this.#device, this.#peer, peerId, maxId))
  }

  /** The posts that the client shows. */
  #known() {
    return [...this.#device.view.messages.values()].flatMap(({ id, text }) => {
      const said = parseGroupText(text)
      return said === undefined ? [] : [{ id, ...said }]
    })
  }

  #change(change: GroupPostChanged, act: () => Promise<void>): Promise<void> {
    return this.#try(`group ${change.kind}`, async () => {
      await act()
      change.acknowledged = true
    })
  }

  #try(sight: string, act: () => Promise<void>): Promise<void> {
    return attempt(this.#world, sight, act)
  }
}
