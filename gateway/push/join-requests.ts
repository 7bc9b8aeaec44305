import {
  ADMIN_RIGHTS,
  type ChatId,
  hasRight,
  type PeerId,
  peerIdOfChat,
  type UserId,
} from '@heliograph/schemas/avro'
import type { Tl } from '@heliograph/schemas/tl'
import { type PendingRequests, pendingRequests } from '../rpc/chats/requests.ts'
import { renderNamed, updatesOf } from '../rpc/messages/answers.ts'
import { renderPeer } from '../rpc/render/peer.ts'
import type { Pushed } from './feed.ts'
import { nowSeconds, type PushServices } from './mailbox-update.ts'

/** Who asks to join a chat, read when the first administrator is to be told, and then the same for all. */
export class JoinRequests {
  readonly #services: PushServices
  readonly #chatId: ChatId
  #pending: Promise<PendingRequests> | undefined

  constructor(services: PushServices, chatId: ChatId) {
    this.#services = services
    this.#chatId = chatId
  }

  /**
   * What the viewer is told: how many wait, and who asked last; undefined for who may not answer them.
   * @param date when somebody asked or was answered, Unix seconds
   */
  async updateFor(viewer: UserId, date: number): Promise<Pushed> {
    if (!(await this.#mayAnswer(viewer))) return undefined
    this.#pending ??= pendingRequests({ services: this.#services }, this.#chatId)
    const { requestsPending, recentRequesters } = await this.#pending
    const peerId = peerIdOfChat(this.#chatId)
    const told: Tl<'updatePendingJoinRequests'> = {
      _: 'updatePendingJoinRequests',
      peer: renderPeer(peerId),
      requestsPending,
      recentRequesters,
    }
    const named = [peerId, ...(recentRequesters as readonly number[] as readonly PeerId[])]
    const now = nowSeconds(this.#services)
    const { users, chats } = await renderNamed({ services: this.#services, user: viewer, now }, named)
    return updatesOf([told], users, date, chats)
  }

  /** Administrators are few and named by the chat, so that one request costs no look-up of each member. */
  async #mayAnswer(viewer: UserId): Promise<boolean> {
    const { chats } = this.#services
    const facts = await chats.find(this.#chatId)
    if (facts === undefined || !facts.adminIds.includes(viewer)) return false
    const { member } = await chats.view(viewer, this.#chatId)
    return member?.status === 'creator' || hasRight(member?.rights ?? 0, ADMIN_RIGHTS.inviteUsers)
  }
}
