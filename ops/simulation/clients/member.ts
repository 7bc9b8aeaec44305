import type { Random } from '@heliograph/actors/simulation'
import { RpcError, type Tl, type TlType } from '@heliograph/schemas/tl'
import type { World } from '../world/world.ts'
import { attempt } from './attempt.ts'
import {
  type Club,
  type ClubDeeds,
  type PostChanged,
  parsePost,
  postText,
  type Reacted,
  randomIdOf,
} from './clubs.ts'
import type { Device, Peer } from './device.ts'
import { enterClub } from './founding.ts'
import { editMessage, newestMessages, react, sentId } from './message-calls.ts'
import { keepRules, pry } from './rules.ts'

/** For ever. */
const REMOVED = { _: 'chatBannedRights', viewMessages: true, untilDate: 0 } as const
export const REACTIONS = ['👍', '❤', '🔥'] as const
const FREE = { _: 'chatBannedRights', untilDate: 0 } as const

/** What people do with a client in a club, one thing after the other, as chance will have it. */
export class Member {
  readonly #world: World
  readonly #device: Device
  readonly #deeds: ClubDeeds
  readonly #club: Club
  readonly #random: Random
  readonly #peers: readonly Peer[]

  constructor(world: World, device: Device, deeds: ClubDeeds, club: Club, peers: readonly Peer[]) {
    this.#world = world
    this.#device = device
    this.#deeds = deeds
    this.#club = club
    this.#peers = peers
    this.#random = world.time.random
  }

  async something(): Promise<void> {
    if (this.#device.channel.input === undefined) return this.#enter()
    const { rules } = this.#club
    if (this.#isFounder && rules.length > 0 && this.#random.below(3) === 0) return this.#keepRules()
    switch (this.#random.below(12)) {
      case 0:
        return this.#isFounder ? this.#ban() : this.#leave()
      case 1:
        return this.#edit()
      case 2:
        return this.#delete()
      case 3:
      case 4:
        return this.#read()
      case 5:
        return this.#isFounder ? this.#pardon() : this.#enter()
      case 6:
        return this.#look()
      case 7:
      case 8:
        return this.#react()
      default:
        return this.#post()
    }
  }

  get #isFounder(): boolean {
    return this.#device.userId === this.#club.founder
  }

  get #channel(): TlType<'InputChannel'> {
    return this.#device.channel.input!
  }

  get #peer(): TlType<'InputPeer'> {
    const { channelId, accessHash } = this.#channel as Tl<'inputChannel'>
    return { _: 'inputPeerChannel', channelId, accessHash }
  }

  async #enter(): Promise<void> {
    if (!(await enterClub(this.#device, this.#club))) return this.#world.see('club closed')
    this.#world.see('entered')
    await this.#device.channel.catchUp()
  }

  #keepRules(): Promise<void> {
    return this.#try('club rules', async () => {
      const sight = await keepRules(this.#device, this.#club, this.#deeds, this.#peers, this.#random)
      this.#world.see(sight)
    })
  }

  async #post(): Promise<void> {
    const { connection, userId } = this.#device
    if (this.#club.kind === 'broadcast' && !this.#isFounder) return
    const posted = this.#deeds.newPost(userId, this.#world.time.nowMs)
    const message = { peer: this.#peer, message: postText(posted), randomId: randomIdOf(posted) }
    try {
      const updates = await connection.until('messages.sendMessage', message)
      posted.msgId = sentId(updates)
      posted.answeredMs = this.#world.time.nowMs
      this.#world.see('posted')
      this.#device.take(updates)
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
      posted.refused = error.errorMessage
      this.#world.see(`post ${error.errorMessage.replace(/\d+$/, 'X')}`)
    }
  }

  async #edit(): Promise<void> {
    const own = this.#known(true)
    if (own.length === 0) return
    const { id, text } = this.#random.pick(own)
    const { n } = parsePost(text)!
    const change = this.#deeds.newChange('edit', n)
    const message = postText(this.#deeds.posts[n - 1]!, this.#deeds.changed.length)
    await this.#change(change, async () => {
      await editMessage(this.#device, this.#peer, id, message)
      return true
    })
  }

  async #delete(): Promise<void> {
    const { connection, channel } = this.#device
    const known = this.#known(!this.#isFounder)
    if (known.length === 0) return
    const { id, text } = this.#random.pick(known)
    await this.#change(this.#deeds.newChange('delete', parsePost(text)!.n), async () => {
      const asked = { channel: this.#channel, id: [id] }
      const { pts, ptsCount } = await connection.until('channels.deleteMessages', asked)
      channel.affected(this.#club.channelId, [id], pts, ptsCount)
      // What is hidden from it since it came back is not there for it, and nothing was done.
      return ptsCount > 0 || !this.#hidesHistory
    })
  }

  async #read(): Promise<void> {
    const { connection, channel, userId } = this.#device
    const ids = [...channel.view.messages.keys()]
    if (ids.length === 0) return
    const maxId = this.#random.pick(ids)
    await this.#try('club read', async () => {
      await connection.until('channels.readHistory', { channel: this.#channel, maxId })
      this.#deeds.reads.set(userId, Math.max(maxId, this.#deeds.reads.get(userId) ?? 0))
    })
  }

  async #react(): Promise<void> {
    const { userId } = this.#device
    const known = this.#known(false)
    if (known.length === 0) return
    const { id: msgId } = this.#random.pick(known)
    const reaction = this.#random.pick(REACTIONS)
    const reacted: Reacted = { userId, msgId, reaction, acknowledged: false }
    this.#deeds.reacted.push(reacted)
    await this.#try('reacted', async () => {
      await react(this.#device, this.#peer, msgId, reaction)
      reacted.acknowledged = true
    })
  }

  async #leave(): Promise<void> {
    const { connection } = this.#device
    await this.#try('left club', async () => {
      this.#device.take(await connection.until('channels.leaveChannel', { channel: this.#channel }))
    })
  }

  #ban(): Promise<void> {
    return this.#restrict('banned', REMOVED)
  }

  #pardon(): Promise<void> {
    return this.#restrict('pardoned', FREE)
  }

  async #restrict(sight: string, bannedRights: TlType<'ChatBannedRights'>): Promise<void> {
    const { userId, accessHash } = this.#random.pick(this.#peers)
    const participant = { _: 'inputPeerUser', userId, accessHash } as const
    const asked = { channel: this.#channel, participant, bannedRights }
    await this.#try(sight, async () => {
      this.#device.take(await this.#device.connection.until('channels.editBanned', asked))
    })
  }

  /** What was acknowledged to this client is in the history that it reads next, if it may. */
  async #look(): Promise<void> {
    const { channel, life, userId } = this.#device
    const mine = this.#deeds.posts.filter(({ from, msgId }) => from === userId && msgId !== undefined)
    await this.#try('club looked at', async () => {
      const messages = await newestMessages(this.#device, this.#peer)
      channel.note(messages)
      // Its own posts of before it left may be hidden from it now; what is not is looked for in the end.
      if (this.#hidesHistory) return pry(this.#device, this.#deeds.posts.length)
      for (const { n, msgId } of mine) {
        const isGone = this.#deeds.changed.some((change) => change.kind === 'delete' && change.n === n)
        if (!isGone && !messages.some(({ id }) => id === msgId))
          this.#world.bugs.push(`${life.name} does not find its post ${n}`)
      }
    })
  }

  #known(own: boolean) {
    const { channel, userId } = this.#device
    const posts = [...channel.view.messages.values()].filter(({ text }) => parsePost(text) !== undefined)
    return own ? posts.filter(({ text }) => parsePost(text)!.from === userId) : posts
  }

  get #hidesHistory(): boolean {
    return this.#club.rules.includes('hidden')
  }

  /** `act` resolves to whether it was done. */
  #change(change: PostChanged, act: () => Promise<boolean>): Promise<void> {
    return this.#try(`club ${change.kind}`, async () => {
      change.acknowledged = await act()
    })
  }

  #try(sight: string, act: () => Promise<void>): Promise<void> {
    return attempt(this.#world, sight, act)
  }
}
