import type { Random } from '@heliograph/actors/simulation'
import { RpcError } from '@heliograph/schemas/tl'
import type { World } from '../world/world.ts'
import type { Posted } from './clubs.ts'
import { SECRET, SECRET_NAME } from './deeds.ts'
import type { Device, Peer } from './device.ts'

/** What all people of a world did in the basic group that they share. */
export class GroupDeeds {
  chatId: number | undefined
  readonly posts: Posted[] = []
}

/** A post's own number, by which its event in the log is known as well. */
export const groupRandomId = ({ n }: Pick<Posted, 'n'>): bigint => BigInt(n) * 1_000_081n
export const groupText = ({ n, from }: Pick<Posted, 'n' | 'from'>): string => `${SECRET} group ${n} ${from}`
const TEXT = new RegExp(`^${SECRET} group (\\d+) (\\d+)$`)

/** The number of a post to the group. */
export function parseGroupText(text: string): number | undefined {
  const [, n] = TEXT.exec(text) ?? []
  return n === undefined ? undefined : Number(n)
}

export async function foundGroup(device: Device, peers: readonly Peer[]): Promise<number> {
  const users = peers.map(inputUser)
  const { updates } = await device.connection.until('messages.createChat', {
    users,
    title: `${SECRET_NAME} group`,
  })
  device.take(updates)
  const [chat] = 'chats' in updates ? updates.chats : []
  if (chat?._ !== 'chat') throw new Error('a group was made and is not shown')
  return chat.id
}

const inputUser = ({ userId, accessHash }: Peer) => ({ _: 'inputUser', userId, accessHash }) as const

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
    switch (this.#random.below(7)) {
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
      default:
        return this.#post(chatId)
    }
  }

  async #post(chatId: number): Promise<void> {
    const { connection, userId: from } = this.#device
    const { posts } = this.#deeds
    const posted: Posted = { n: posts.length + 1, from, begunMs: this.#world.time.nowMs }
    posts.push(posted)
    const message = {
      peer: { _: 'inputPeerChat', chatId },
      message: groupText(posted),
      randomId: groupRandomId(posted),
    } as const
    await this.#try('posted to group', async () => {
      const updates = await connection.until('messages.sendMessage', message)
      posted.answeredMs = this.#world.time.nowMs
      this.#device.take(updates)
    })
  }

  /** What the rules of the moment refuse is no fault. */
  async #try(sight: string, act: () => Promise<void>): Promise<void> {
    try {
      await act()
      this.#world.see(sight)
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
      this.#world.see(`${sight} ${error.errorMessage}`)
    }
  }
}
