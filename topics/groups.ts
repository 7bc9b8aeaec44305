import type { GroupHandler } from './log.ts'
import type { TopicName } from './topic.ts'

interface Place {
  readonly topic: TopicName
  readonly partition: number
}
interface Member {
  readonly topics: readonly TopicName[]
  readonly handler: GroupHandler
  readonly owned: Map<string, Place>
}
interface Group {
  readonly members: Member[]
  /** Settles when the last change of ownership is done. */
  settled: Promise<void>
}

/** Shares the partitions of topics among the members of each group, within one process. */
export class Groups {
  readonly #groups = new Map<string, Group>()
  readonly #partitions: (topic: TopicName) => number

  constructor(partitions: (topic: TopicName) => number) {
    this.#partitions = partitions
  }

  /** Resolves, once the new member's partitions are assigned, to the function by which it leaves. */
  async join(
    name: string,
    topics: readonly TopicName[],
    handler: GroupHandler,
  ): Promise<() => Promise<void>> {
    const group = this.#group(name)
    const member: Member = { topics, handler, owned: new Map() }
    group.members.push(member)
    await this.#rebalance(group)
    return async () => {
      const at = group.members.indexOf(member)
      if (at < 0) return
      group.members.splice(at, 1)
      await this.#rebalance(group, member)
    }
  }

  #group(name: string): Group {
    const known = this.#groups.get(name)
    if (known !== undefined) return known
    const group: Group = { members: [], settled: Promise.resolve() }
    this.#groups.set(name, group)
    return group
  }

  #rebalance(group: Group, leaving?: Member): Promise<void> {
    const change = async () => {
      const targets = this.#targets(group)
      const members = leaving === undefined ? group.members : [leaving, ...group.members]
      await Promise.all(members.map((member) => revoke(member, targets.get(member) ?? new Map())))
      for (const [member, places] of targets) assign(member, places)
    }
    group.settled = group.settled.then(change)
    return group.settled
  }

  /** The n-th member that reads a topic gets every n-th of its partitions. */
  #targets(group: Group): Map<Member, Map<string, Place>> {
    const targets = new Map(group.members.map((member) => [member, new Map<string, Place>()]))
    for (const topic of new Set(group.members.flatMap((member) => member.topics))) {
      const readers = group.members.filter((member) => member.topics.includes(topic))
      for (let partition = 0; partition < this.#partitions(topic); partition++) {
        const reader = readers[partition % readers.length]!
        targets.get(reader)!.set(`${topic}/${partition}`, { topic, partition })
      }
    }
    return targets
  }
}

async function revoke(member: Member, keep: Map<string, Place>): Promise<void> {
  const lost = [...member.owned].filter(([id]) => !keep.has(id))
  await Promise.all(
    lost.map(async ([id, place]) => {
      await member.handler.revoked(place.topic, place.partition)
      member.owned.delete(id)
    }),
  )
}

function assign(member: Member, places: Map<string, Place>): void {
  for (const [id, place] of places) {
    if (member.owned.has(id)) continue
    member.owned.set(id, place)
    member.handler.assigned(place.topic, place.partition)
  }
}
