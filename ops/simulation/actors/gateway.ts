import { type Random, WORLD_TIME_MS, type World } from '@heliograph/actors/simulation'
import type { BusRecord, ChatUpdate, MailboxUpdate, RecordCodec, Reply } from '@heliograph/schemas/avro'
import { gatewayChannel } from '@heliograph/storage'
import { partitionOf } from '@heliograph/topics'
import { placeOf } from './place.ts'
import type { Command, Scripted } from './scripted.ts'

const NODE = 'g'
const SESSION = Buffer.alloc(16, 1)

/** A call of a client: given again, under another number, until an answer has been heard. */
export interface Call {
  readonly scripted: Scripted
  /** As it was given last. */
  command: Command
  readonly answers: Reply[]
}
/** What a process published to the sessions of a user. */
export interface Pushed {
  readonly process: string
  readonly update: MailboxUpdate
}

/** A gateway with its clients: gives commands, collects answers and pushes, asks again what has no answer. */
export class SimulatedGateway {
  readonly calls: Call[] = []
  readonly pushed: Pushed[] = []
  /** What processes published in groups and channels. */
  readonly told: { readonly process: string; readonly update: ChatUpdate }[] = []
  readonly #world: World
  readonly #codec: RecordCodec
  readonly #loses: () => boolean
  readonly #numbers: Call[] = []

  /** One in `loseOneIn` messages of the bus never arrives; 0 loses none. */
  constructor(world: World, codec: RecordCodec, loseOneIn: number, random: Random) {
    this.#world = world
    this.#codec = codec
    this.#loses = () => loseOneIn > 0 && random.below(loseOneIn) === 0
  }

  get unanswered(): readonly Call[] {
    return this.calls.filter(({ answers }) => answers.length === 0)
  }

  async send(scripted: Scripted): Promise<void> {
    const call = { scripted, command: await this.#commandOf(scripted), answers: [] }
    this.calls.push(call)
    await this.#give(call)
  }

  async retry(): Promise<void> {
    for (const call of this.unanswered) {
      call.command = await this.#commandOf(call.scripted)
      await this.#give(call)
    }
  }

  async #commandOf(scripted: Scripted): Promise<Command> {
    return typeof scripted === 'function' ? scripted((await this.#world.stores()).tables) : scripted
  }

  /** Takes what a process publishes, unless it is lost. */
  receive(process: string, channel: string, payload: Buffer): void {
    if (this.#loses()) return
    const record = this.#codec.decodeBare<BusRecord>(payload)
    if (record.type === 'Reply' && channel === gatewayChannel(NODE))
      this.#numbers[record.request]?.answers.push(record)
    if (record.type === 'MailboxUpdate') this.pushed.push({ process, update: record })
    if (record.type === 'ChatUpdate') this.told.push({ process, update: record })
  }

  async #give(call: Call): Promise<void> {
    const request = this.#numbers.push(call) - 1
    const { topic, key } = placeOf(call.command)
    const { log } = await this.#world.stores()
    const partition = partitionOf(key, log.partitions(topic))
    const reply = { gateway: NODE, request, session: SESSION }
    const value = this.#codec.encode({ cause: null, epoch: 0, reply }, call.command)
    // A second later each time, so that no two records are of one instant.
    const records = [{ key, value, timestampMs: WORLD_TIME_MS + request * 1000 }]
    await log.append(topic, partition, records)
    this.#world.noteDone({ kind: 'append', topic, partition, records })
  }
}
