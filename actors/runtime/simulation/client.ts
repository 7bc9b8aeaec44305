import type { Reply } from '@heliograph/schemas/avro'
import { partitionOf } from '@heliograph/topics'
import type { Say, ToyUpdate } from './toy-chat.ts'
import { decodeBare, toyCodec } from './toy-codec.ts'
import { WORLD_TIME_MS, type World } from './world.ts'

interface Request {
  readonly command: Say
  answer: Reply | undefined
}

/** A gateway with its clients: sends commands, collects answers, asks again after a crash. */
export class Client {
  readonly requests: Request[] = []
  /** Updates as they came, by process and user. */
  readonly updates = new Map<string, number[]>()
  readonly #world: World
  readonly #sent: Request[] = []

  constructor(world: World) {
    this.#world = world
  }

  async send(command: Say): Promise<void> {
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
    const message = decodeBare(payload) as Reply | ToyUpdate
    if (message.type === 'Reply') {
      const request = this.#sent[message.request]
      if (channel === 'gateway:g' && request !== undefined) request.answer ??= message
      return
    }
    const stream = `${process} ${message.userId}`
    const seen = this.updates.get(stream) ?? []
    seen.push(message.pts)
    this.updates.set(stream, seen)
  }

  async #produce(request: Request): Promise<void> {
    const number = this.#sent.push(request) - 1
    const reply = { gateway: 'g', request: number, session: Buffer.alloc(0) }
    const { log } = await this.#world.stores()
    const { chatId } = request.command
    const topic = 'chat.commands'
    const partition = partitionOf(chatId, log.partitions(topic))
    const value = toyCodec.encode({ cause: null, epoch: 0, reply }, request.command)
    const records = [{ key: chatId, value, timestampMs: WORLD_TIME_MS }]
    await log.append(topic, partition, records)
    this.#world.noteDone({ kind: 'append', topic, partition, records })
  }
}
