import type { AuthKeyId, SessionId } from '@heliograph/gateway/mtproto'
import type { AnyCall } from '@heliograph/schemas/tl'
import type { Life } from '../world/life.ts'
import type { World } from '../world/world.ts'
import type { Outcome, SimulatedSessions } from './sessions.ts'

/** Auth key of a device: 256 bytes, and their id. */
export interface DeviceKey {
  readonly id: AuthKeyId
  readonly key: Buffer
}
/** What a client hears. */
export type Heard = { readonly updates: unknown } | { readonly call: number; readonly outcome: Outcome }

const plain = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}n` : value)

/** A connection of a client with a gateway. What is on its way when it breaks is lost. */
export class Link {
  readonly key: DeviceKey
  readonly sessionId: SessionId
  readonly #world: World
  readonly #client: Life
  readonly #gateway: SimulatedSessions
  readonly #heard: (heard: Heard) => void
  readonly #broken: () => void
  readonly #name: string
  #open = true

  constructor(
    world: World,
    client: Life,
    gateway: SimulatedSessions,
    as: { readonly key: DeviceKey; readonly sessionId: SessionId; readonly name: string },
    heard: (heard: Heard) => void,
    broken: () => void,
  ) {
    this.#world = world
    this.#client = client
    this.#gateway = gateway
    this.key = as.key
    this.sessionId = as.sessionId
    this.#name = as.name
    this.#heard = heard
    this.#broken = broken
    this.#toGateway(() => gateway.open(this))
  }

  get isOpen(): boolean {
    return this.#open
  }

  call(call: number, query: AnyCall | 'createKey'): void {
    this.#toGateway(async () => {
      const { key } = this
      const outcome =
        query === 'createKey' ? await this.#gateway.createKey(key) : await this.#gateway.call(this, query)
      this.tell({ call, outcome })
    })
  }

  /** From the gateway to the client. */
  tell(heard: Heard): boolean {
    if (!this.#open || this.#gateway.life.dead) return false
    const { network, time } = this.#world
    time.trace.note(`${this.#name} hears ${JSON.stringify(heard, plain)}`)
    network.arrive(network.delayMs(), `${this.#name} down`, () => {
      if (this.#open) time.later(0, this.#client, () => this.#open && this.#heard(heard))
    })
    return true
  }

  /** Breaks it; both sides learn of it. */
  close(): void {
    if (!this.#open) return
    this.#open = false
    const { time, network } = this.#world
    time.later(network.delayMs(), this.#gateway.life, () => this.#gateway.closed(this))
    time.later(network.delayMs(), this.#client, this.#broken)
  }

  #toGateway(act: () => void): void {
    const { network, time } = this.#world
    network.arrive(network.delayMs(), `${this.#name} up`, () => {
      if (this.#open) time.later(0, this.#gateway.life, act)
    })
  }
}
