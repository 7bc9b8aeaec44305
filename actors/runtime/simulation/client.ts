import type { Reply } from '@heliograph/schemas/avro'
import { partitionOf, type TopicName } from '@heliograph/topics'
import type { TypedRecord } from '../decider.ts'
import type { Codec } from '../ports.ts'
import { WORLD_TIME_MS, type World } from './world.ts'

/** How a client speaks: where commands go, and how messages of the bus are read. */
export interface Speech<C> {
  readonly codec: Codec
  readonly decodeBare: (payload: Buffer) => TypedRecord
  readonly topic: TopicName
  readonly keyOf: (command: C) => string
}
/** What a process publishes to a user. */
interface Update extends TypedRecord {
  readonly userId: number
  readonly pts: number
}
interface Request<C> {
  readonly command: C
  answer: Reply | undefined
}

/** A gateway with its clients: sends commands, collects answers, asks again after a crash. */
export class Client<C extends TypedRecord> {
  readonly requests: Request<C>[] = []
  /** Updates as they came, by process and user. */
  readonly updates = new Map<string, number[]>()
  readonly #world: World
  readonly #speech: Speech<C>
  readonly #sent: Request<C>[] = []

  constructor(world: World, speech: Speech<C>) {
    this.#speech = speech
    this.#world = world
  }

  async send(command: C): Promise<void> {
    const request = { command, answer: undefined }
    this.requests.push(request)
    await this.#produce(request)
  }

  /** Sends what has no answer yet once more. */
  async retry(): Promise<void> {
    for (const request of this.requests) if (request.answer === undefined) await this.#produce(request)
  }

  get unanswered(): number {
    return this.requests.filter(({ answer }) => answer === undefined).length
  }

  /** Takes what a process publishes. */
  receive(process: string, channel: string, payload: Buffer): void {
    const message = this.#speech.decodeBare(payload) as Reply | Update
    if ('request' in message) {
      const request = this.#sent[message.request]
      if (channel === 'gateway:g' && request !== undefined) request.answer ??= message
      return
    }
    const stream = `${process} ${message.userId}`
    const seen = this.updates.get(stream) ?? []
    seen.push(message.pts)
    this.updates.set(stream, seen)
  }

  async #produce(request: Request<C>): Promise<void> {
    const number = this.#sent.push(request) - 1
    const reply = { gateway: 'g', request: number, session: Buffer.alloc(0) }
    const { log } = await this.#world.stores()
    const { codec, topic, keyOf } = this.#speech
    const key = keyOf(request.command)
    const partition = partitionOf(key, log.partitions(topic))
    const value = codec.encode({ cause: null, epoch: 0, reply }, request.command)
    const records = [{ key, value, timestampMs: WORLD_TIME_MS }]
    await log.append(topic, partition, records)
    this.#world.noteDone({ kind: 'append', topic, partition, records })
  }
}
