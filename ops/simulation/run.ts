import type { RecordCodec } from '@heliograph/schemas/avro'
import { type ClubTestimony, clubTestimonyOf } from './clients/club-testimony.ts'
import { ClubDeeds, type ClubKind } from './clients/clubs.ts'
import { Deeds, SECRET_PHONE } from './clients/deeds.ts'
import { Device } from './clients/device.ts'
import { foundClub } from './clients/founding.ts'
import { foundGroup, GroupDeeds } from './clients/groups.ts'
import { Person } from './clients/person.ts'
import { type Testimony, testimonyOf } from './clients/testimony.ts'
import type { Plan } from './plan.ts'
import { Cluster } from './processes/cluster.ts'
import { rule } from './world/globals.ts'
import { Life } from './world/life.ts'
import { START_MS } from './world/timeline.ts'
import { type Defect, World } from './world/world.ts'

/** Longer than every fault, time-out and retry together. */
const MAX_WORLD_MS = 1_800_000
/** What is left on its way when the clients are done has arrived after so long. */
const REST_MS = 25_000
const TICK_MS = 200
const CLUB_NAME = 'simulated_club'

export interface RunOptions {
  readonly defect?: Defect | undefined
  /** Keeps every line of the trace, for those who read it. */
  readonly keepLines?: boolean
}
/** What a run leaves behind. */
export interface Outcome {
  readonly world: World
  readonly deeds: Deeds
  readonly devices: readonly Device[]
  readonly testimonies: readonly Testimony[]
  readonly clubs: ClubDeeds
  readonly groups: GroupDeeds
  /** Of every device, where people share a club. */
  readonly clubTestimonies: readonly ClubTestimony[]
  readonly digest: string
}

/** Runs a plan to its end, when all clients are done, all is calm, and every process has ended in good order. */
export async function run(plan: Plan, codec: RecordCodec, options: RunOptions = {}): Promise<Outcome> {
  const world = new World(plan, codec, options)
  const undo = rule(world.time)
  try {
    await world.disk.create()
    const story = new Story(world)
    let end: { readonly outcome: Outcome } | { readonly error: unknown } | undefined
    story.tell().then(
      (outcome) => {
        end = { outcome }
      },
      (error: unknown) => {
        end = { error }
      },
    )
    await world.time.run(() => end !== undefined || world.time.nowMs - START_MS > MAX_WORLD_MS)
    const told = end as { readonly outcome: Outcome } | { readonly error: unknown } | undefined
    if (told === undefined) throw new Error(`nothing comes to an end: ${story.stage}`)
    if ('error' in told) throw told.error
    return told.outcome
  } finally {
    undo()
  }
}

/** What happens in a world, from the first start to the last end. */
class Story {
  stage = 'start'
  readonly #world: World
  readonly #cluster: Cluster
  readonly #deeds = new Deeds()
  readonly #clubs = new ClubDeeds()
  readonly #groups = new GroupDeeds()
  /** Of nobody in particular. */
  readonly #life = new Life('story')

  constructor(world: World) {
    this.#world = world
    this.#cluster = new Cluster(world)
  }

  async tell(): Promise<Outcome> {
    const { plan, time } = this.#world
    this.#cluster.start()
    const phones = Array.from({ length: plan.users }, (_, i) => `${SECRET_PHONE}${i}`)
    this.stage = 'log in'
    const first = phones.map((phone, i) => this.#device(`u${i}`, phone))
    await this.#all(first, (device) => device.start())
    // One of them has a second client.
    const second = this.#device('u0b', phones[0]!)
    await this.#all([second], (device) => device.start())
    const devices = [...first, second]
    this.stage = 'live'
    await this.#all(devices, async (device) => {
      const person = new Person(this.#world, device, this.#deeds, this.#clubs, this.#groups)
      await person.meet(phones.filter((phone) => phone !== device.phone))
      if (plan.club !== 'none') await this.#found(device, person, device === first[0])
      await person.live(plan.deeds)
    })
    this.stage = 'calm'
    this.#cluster.calm()
    await this.#until(() => this.#cluster.isUp)
    await time.sleep(REST_MS, this.#life)
    this.stage = 'settle'
    await this.#all(devices, (device) => device.settle())
    this.stage = 'testify'
    const testimonies = await this.#all(devices, testimonyOf)
    const { club } = this.#clubs
    const clubTestimonies =
      club === undefined ? [] : await this.#all(devices, (device) => clubTestimonyOf(device, club))
    for (const device of devices) device.connection.drop()
    this.stage = 'end'
    this.#cluster.close()
    await this.#until(() => this.#cluster.isDown)
    const digest = time.trace.digest()
    const said = {
      deeds: this.#deeds,
      clubs: this.#clubs,
      groups: this.#groups,
      testimonies,
      clubTestimonies,
    }
    return { world: this.#world, devices, ...said, digest }
  }

  /** One makes the club, and the others wait until it is there. */
  async #found(device: Device, person: Person, isFounder: boolean): Promise<void> {
    const { plan, time } = this.#world
    if (plan.club === 'group') {
      if (isFounder) this.#groups.chatId = await foundGroup(device, person.peers)
      else while (this.#groups.chatId === undefined) await time.sleep(TICK_MS, device.life)
      return
    }
    const [openness, kind] = plan.club.split(' ') as [string, ClubKind]
    const username = openness === 'public' ? CLUB_NAME : undefined
    if (isFounder) this.#clubs.club = await foundClub(device, kind, username, plan.rules ?? [])
    else while (this.#clubs.club === undefined) await time.sleep(TICK_MS, device.life)
  }

  #device(name: string, phone: string): Device {
    return new Device(this.#world, this.#cluster.gateways, name, phone)
  }

  /** Lets each do something, all at once. */
  #all<T>(devices: readonly Device[], act: (device: Device) => Promise<T>): Promise<T[]> {
    const { time } = this.#world
    return Promise.all(
      devices.map(
        (device) =>
          new Promise<T>((resolve, reject) =>
            time.later(0, device.life, () => void act(device).then(resolve, reject)),
          ),
      ),
    )
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await this.#world.time.sleep(TICK_MS, this.#life)
  }
}
