import { privateChatId, type UserId } from '@heliograph/schemas/avro'
import { partitionOf } from '@heliograph/topics'
import type { LoadLink } from '../bench/load/link.ts'
import type { LoadClient } from '../load/client/client.ts'
import type { Interruption } from '../load/measure/interruption.ts'
import type { Chat, Stage } from '../load/traffic/stage.ts'
import { PARTITIONS } from './cluster.ts'
import type { Role } from './role.ts'

/** The longest part of a time without an answer, when it began, and when the last one ended. */
export interface Standstill {
  readonly ms: number
  readonly sinceMs: number
  readonly endMs: number
}

/** That of one chat since a fault. */
export interface Stall extends Standstill {
  /** Whether the victim of the fault served the chat. */
  readonly isServed: boolean
}

/** What the victim of a fault serves when it strikes. */
export interface Served {
  readonly places: ReadonlySet<string>
  readonly links: readonly (LoadLink | undefined)[]
  readonly clients: readonly LoadClient[]
}

/** Tells which chats of a load stand still, and for how long; milliseconds of `performance.now()`. */
export class Watch {
  readonly #stage: Stage

  constructor(stage: Stage) {
    this.#stage = stage
  }

  /** To be taken just before the fault. */
  served(victim: Role | undefined): Served {
    return {
      places: new Set(victim?.owned),
      clients: this.#stage.clients.filter(({ connection }) => connection.host === victim?.network.address),
      links: this.#stage.clients.map(({ connection }) => connection.link),
    }
  }

  /** Each chat's stall since the fault; one without a noticeable one has 0. To be taken when all is well again. */
  stallsSince(fromMs: number, served: Served, victim: Role | undefined): Stall[] {
    const isServed = ({ streams: [one] }: Chat) => {
      if (victim?.kind === 'gateway')
        return served.clients.includes(one.sender) || served.clients.includes(one.receiver)
      const places = placesOf(one.sender.identity.userId, one.receiver.identity.userId)
      return victim === undefined || places.some((place) => served.places.has(place))
    }
    return this.#stage.chats.map((chat) => ({
      ...stallIn(chat.interruption, fromMs),
      isServed: isServed(chat),
    }))
  }

  /** Lets those who had to connect to another gateway go back, so that the next fault finds everyone where they were. */
  sendHome(served: Served): void {
    for (const { connection } of this.#moved(served)) connection.drop('sent back to the gateway of before')
  }

  #moved({ links }: Served): LoadClient[] {
    return this.#stage.clients.filter(({ connection }, at) => connection.link !== links[at])
  }

  /** The longest time since then in which nobody at all was answered, as far as it is noticeable. */
  outageSince(fromMs: number): number {
    return stallIn(this.#stage.meter.service, fromMs).ms
  }

  /** For how long the chat that has waited longest has been waiting. */
  waitingMs(nowMs: number): number {
    return Math.max(
      ...this.#stage.chats.map(({ interruption }) => nowMs - (interruption.waitingSinceMs ?? nowMs)),
    )
  }
}

/** The partitions that answers in a private chat hang on: the chat's, and those of the senders' mailboxes, who number messages. */
export function placesOf(one: number, other: number): string[] {
  const chat = privateChatId(one as UserId, other as UserId)
  return [
    `message/chat.commands/${partitionOf(chat, PARTITIONS)}`,
    ...[one, other].map((user) => `notification/mailbox.events/${partitionOf(String(user), PARTITIONS)}`),
  ]
}

/** The longest listed window, as far as it lies after `fromMs`, and the end of the last one. */
export function stallIn({ windows }: Pick<Interruption, 'windows'>, fromMs: number): Standstill {
  let [longestMs, sinceMs, endMs] = [0, fromMs, fromMs]
  for (const window of windows) {
    const windowEndMs = window.fromMs + window.ms
    const beginMs = Math.max(fromMs, window.fromMs)
    if (windowEndMs - beginMs > longestMs) [longestMs, sinceMs] = [windowEndMs - beginMs, beginMs]
    endMs = Math.max(endMs, windowEndMs)
  }
  return { ms: longestMs, sinceMs, endMs }
}
