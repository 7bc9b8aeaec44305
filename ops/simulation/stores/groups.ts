import type { GroupHandler, TopicName } from '@heliograph/topics'
import type { Life } from '../world/life.ts'
import type { Network } from './network.ts'

/** Whoever is not heard of for so long is taken for dead, and whoever does not hand over is not waited for any longer. */
export const SESSION_TIMEOUT_MS = 5_000
const HAND_OVER_TIMEOUT_MS = 20_000
/** Who was given up hears of it in the answer to its next sign of life, and goes on as owner until then. */
const HEARTBEAT_MS = 3_000

interface Member {
  readonly life: Life
  readonly topic: TopicName
  readonly handler: GroupHandler
  readonly owned: Set<number>
}
interface Group {
  readonly topic: TopicName
  readonly members: Member[]
  readonly owners: Map<number, Member>
  readonly revoking: Set<number>
}

/**
 * Gives each partition one owner in each group, as the broker does: what does not move goes on; what moves is handed over,
 * unless its owner is dead or silent for too long. Then the old owner learns late that it is none any more.
 */
export class Coordinator {
  readonly #network: Network
  readonly #partitions: number
  readonly #groups = new Map<string, Group>()
  /** Embedded stores keep their groups in the process: they end with it, and tell at once who has what. */
  readonly #isInProcess: boolean
  /** Members that were given up, and do not know. */
  readonly #expired = new Map<Life, { readonly group: Group; readonly member: Member }[]>()

  constructor(network: Network, partitions: number, isInProcess: boolean) {
    this.#network = network
    this.#partitions = partitions
    this.#isInProcess = isInProcess
  }

  /**
   * Takes a member in; gives the function by which it leaves. A request that arrives late may be that of a process which
   * has died meanwhile: it is a member like any other until its session is over.
   */
  join(life: Life, name: string, topic: TopicName, handler: GroupHandler): () => Promise<void> {
    const group: Group = this.#groups.get(name) ?? {
      topic,
      members: [],
      owners: new Map(),
      revoking: new Set(),
    }
    this.#groups.set(name, group)
    const member: Member = { life, topic, handler, owned: new Set() }
    group.members.push(member)
    this.#balance(group)
    if (life.dead || life.paused) this.silent(life)
    return () => this.#leave(group, member)
  }

  /** Nothing is heard of this one any more: it crashed, or is paused. */
  silent(life: Life): void {
    if (life.dead && this.#isInProcess) return this.#expire(life)
    this.#network.world.later(SESSION_TIMEOUT_MS, undefined, () => {
      if (life.dead || life.paused) this.#expire(life)
    })
  }

  /** Goes on after a pause: if it was given up meanwhile, it learns so, and joins again. */
  back(life: Life): void {
    life.estranged = false
    const expired = this.#expired.get(life) ?? []
    this.#expired.delete(life)
    for (const { group, member } of expired) {
      this.#tell(
        member,
        async () => {
          for (const partition of member.owned) await member.handler.revoked(member.topic, partition)
          member.owned.clear()
          if (life.dead) return
          group.members.push(member)
          this.#balance(group)
        },
        this.#network.world.random.below(HEARTBEAT_MS),
      )
    }
  }

  /** Gives its partitions to others at once; it goes on as their owner until it is back. */
  giveUp(life: Life): void {
    this.#expire(life)
  }

  #expire(life: Life): void {
    const expired: { group: Group; member: Member }[] = []
    for (const group of this.#groups.values()) {
      for (const member of group.members.filter((each) => each.life === life)) {
        group.members.splice(group.members.indexOf(member), 1)
        for (const [partition, owner] of group.owners)
          if (owner === member) this.#free(group, partition, member)
        this.#balance(group)
        expired.push({ group, member })
      }
    }
    if (expired.length > 0) this.#expired.set(life, [...(this.#expired.get(life) ?? []), ...expired])
  }

  async #leave(group: Group, member: Member): Promise<void> {
    const at = group.members.indexOf(member)
    if (at >= 0) group.members.splice(at, 1)
    for (const partition of [...member.owned]) {
      await member.handler.revoked(member.topic, partition)
      member.owned.delete(partition)
      this.#free(group, partition, member)
    }
    this.#balance(group)
  }

  /** The n-th member gets every n-th partition. */
  #balance(group: Group): void {
    const { members, owners, revoking } = group
    for (let partition = 0; partition < this.#partitions; partition++) {
      const target = members[partition % Math.max(members.length, 1)]
      const owner = owners.get(partition)
      if (target === owner) continue
      if (owner === undefined) this.#assign(group, partition, target as Member)
      else if (!revoking.has(partition)) this.#revoke(group, partition, owner)
    }
  }

  #assign({ topic, owners }: Group, partition: number, member: Member): void {
    owners.set(partition, member)
    this.#tell(member, () => {
      member.owned.add(partition)
      member.handler.assigned(topic, partition)
    })
  }

  #revoke(group: Group, partition: number, owner: Member): void {
    group.revoking.add(partition)
    const freed = () => {
      this.#free(group, partition, owner)
      this.#balance(group)
    }
    this.#tell(owner, async () => {
      await owner.handler.revoked(owner.topic, partition)
      owner.owned.delete(partition)
      freed()
    })
    this.#network.world.later(HAND_OVER_TIMEOUT_MS, undefined, freed)
  }

  #free({ owners, revoking }: Group, partition: number, owner: Member): void {
    if (owners.get(partition) !== owner) return
    owners.delete(partition)
    revoking.delete(partition)
  }

  /** In order for each process. */
  #tell({ life }: Member, act: () => void, lateMs = 0): void {
    const { world } = this.#network
    if (this.#isInProcess) return act()
    this.#network.arrive(lateMs + this.#network.delayMs(), `group ${life.name}`, () =>
      world.later(0, life, act),
    )
  }
}
