import type { Redis } from 'ioredis'
import { SLOTS, slotOf } from './slot.ts'
import { Subscriber } from './subscriber.ts'

/** What tells which node has which slots. */
export interface SlotMap {
  /** By slot the node that has it, as `host:port`, and then its replicas. */
  readonly slots: readonly (readonly string[])[]
  on(event: 'refresh', listener: () => void): unknown
  off(event: 'refresh', listener: () => void): unknown
}
type Hear = (channel: string, payload: Buffer) => void

interface Wanted {
  readonly slot: number
  /** Where it is listened to; undefined while nobody has the slot. */
  node: string | undefined
}

/**
 * Listens on a cluster: at each node to the channels of its slots, over a connection of its own, and elsewhere as soon as it is known
 * that a slot has moved. (ioredis does so too, but adds up all channels for each that comes, and waits for ever
 * where a network swallows everything.)
 */
export class ClusterSubscriber {
  readonly #map: SlotMap
  readonly #open: (node: string) => Redis
  readonly #hear: Hear
  readonly #nodes = new Map<string, Subscriber>()
  readonly #wanted = new Map<string, Wanted>()
  #owners: readonly (string | undefined)[]
  readonly #look = () => this.#follow()

  constructor(map: SlotMap, open: (node: string) => Redis, hear: Hear) {
    this.#map = map
    this.#open = open
    this.#hear = hear
    this.#owners = ownersIn(map)
    map.on('refresh', this.#look)
  }

  /** As `Subscriber.want`. */
  want(channel: string): Promise<void> {
    let wanted = this.#wanted.get(channel)
    if (wanted === undefined) {
      const slot = slotOf(channel)
      wanted = { slot, node: this.#owners[slot] }
      this.#wanted.set(channel, wanted)
    }
    return wanted.node === undefined ? Promise.resolve() : this.#at(wanted.node).want(channel)
  }

  unwant(channel: string): void {
    const node = this.#wanted.get(channel)?.node
    this.#wanted.delete(channel)
    if (node !== undefined) this.#nodes.get(node)?.unwant(channel)
  }

  close(): void {
    this.#map.off('refresh', this.#look)
    this.#wanted.clear()
    for (const node of this.#nodes.values()) node.close()
    this.#nodes.clear()
  }

  /** Goes where the slots are now. */
  #follow(): void {
    const owners = ownersIn(this.#map)
    if (owners.every((owner, slot) => owner === this.#owners[slot])) return
    this.#owners = owners
    for (const [channel, wanted] of this.#wanted) {
      const node = owners[wanted.slot]
      if (node === wanted.node) continue
      if (wanted.node !== undefined) this.#nodes.get(wanted.node)?.unwant(channel)
      wanted.node = node
      if (node !== undefined) void this.#at(node).want(channel)
    }
    const left = new Set(owners)
    for (const [node, subscriber] of this.#nodes) {
      if (left.has(node)) continue
      subscriber.close()
      this.#nodes.delete(node)
    }
  }

  #at(node: string): Subscriber {
    let subscriber = this.#nodes.get(node)
    if (subscriber === undefined) {
      // Channels of several slots do not go together, though the node has them all.
      subscriber = new Subscriber(this.#open(node), this.#hear, 1)
      this.#nodes.set(node, subscriber)
    }
    return subscriber
  }
}

function ownersIn({ slots }: SlotMap): (string | undefined)[] {
  return Array.from({ length: SLOTS }, (_, slot) => slots[slot]?.[0])
}
