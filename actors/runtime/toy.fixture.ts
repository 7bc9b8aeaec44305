import { deepStrictEqual } from 'node:assert/strict'
import type { Position, Reply } from '@heliograph/schemas/avro'
import { MemoryBus, MemoryTables, MemoryTablesState, type TablesStep } from '@heliograph/storage'
import {
  type LogRecord,
  type LogStep,
  MemoryLog,
  MemoryLogState,
  type Offset,
  OffsetMismatch,
  partitionOf,
  type TopicName,
  topicDefinitions,
} from '@heliograph/topics'
import { Epochs } from './epochs.ts'
import { type Actors, type ActorsOptions, startActors } from './node.ts'
import { replay } from './replay.ts'
import {
  type Said,
  type Say,
  toyDecider,
  toyFold,
  toyRows,
  toyTables,
  toyUpdates,
} from './simulation/toy-chat.ts'
import { decodeBare, toyCodec } from './simulation/toy-codec.ts'

export const TOY_PARTITIONS = 2
/** How often a client repeats what got no answer. */
const MAX_ROUNDS = 50

export type ToyStep = (LogStep | TablesStep) & { readonly store: 'log' | 'tables' }

/** A log that, as Kafka, can only tell afterwards where records have come to stand. */
export class AfterwardsLog extends MemoryLog {
  override async append(
    topic: TopicName,
    partition: number,
    records: readonly LogRecord[],
    expected?: Offset,
  ): Promise<Offset> {
    const at = await super.append(topic, partition, records)
    if (expected !== undefined && at !== expected) throw new OffsetMismatch('found out afterwards')
    return at
  }
}

/** The toy chat on stores of one process, with a client that repeats what has no answer. */
export class ToyRig {
  readonly logState = new MemoryLogState()
  readonly tablesState = new MemoryTablesState()
  readonly bus = new MemoryBus()
  readonly answers = new Map<number, Reply>()
  readonly fatal: unknown[] = []
  /** Called before and after every step of a store; what it throws, the step rejects with. */
  fault: (step: ToyStep) => void = () => undefined
  readonly log: MemoryLog
  readonly tables: MemoryTables
  #requests = 0

  private constructor() {
    this.log = this.openLog()
    this.tables = this.openTables()
  }

  static async create(): Promise<ToyRig> {
    const rig = new ToyRig()
    await rig.log.createTopics(topicDefinitions(TOY_PARTITIONS))
    await rig.tables.create(toyTables)
    await rig.bus.subscribe('gateway:g', (payload) => {
      const reply = decodeBare(payload) as Reply
      rig.answers.set(reply.request, reply)
    })
    return rig
  }

  /** As another process would. */
  openLog(): MemoryLog {
    return new AfterwardsLog(this.logState, async (step) => this.fault({ ...step, store: 'log' }))
  }
  openTables(): MemoryTables {
    return new MemoryTables(this.tablesState, Date.now, async (step) =>
      this.fault({ ...step, store: 'tables' }),
    )
  }

  start(more: Partial<ActorsOptions> = {}): Promise<Actors> {
    return startActors({
      log: this.log,
      tables: this.tables,
      bus: this.bus,
      codec: toyCodec,
      now: () => 0,
      owner: 'rig',
      random: () => 0.5,
      sleep: () => new Promise((resolve) => setImmediate(resolve)),
      deciders: [toyDecider],
      folds: [toyFold],
      limits: { maxBatchRecords: 4, maxInFlight: 2, maxCachedRows: 6, checkpointEveryRecords: 5 },
      onFatal: (error) => this.fatal.push(error),
      ...more,
    })
  }

  /** A log that no fault befalls. */
  get client(): MemoryLog {
    return new MemoryLog(this.logState)
  }

  async send(command: Say, cause: Position | null = null): Promise<number> {
    const request = ++this.#requests
    const reply = { gateway: 'g', request, session: Buffer.alloc(0) }
    const value = toyCodec.encode({ cause, epoch: 0, reply }, command)
    const partition = partitionOf(command.chatId, TOY_PARTITIONS)
    const record = { key: command.chatId, value, timestampMs: 0 }
    await this.client.append('chat.commands', partition, [record])
    return request
  }

  /** Sends commands, and each again until it is answered. */
  async ask(...commands: Say[]): Promise<Reply[]> {
    const replies: (Reply | undefined)[] = commands.map(() => undefined)
    for (let round = 0; round < MAX_ROUNDS && replies.includes(undefined); round++) {
      const requests = await Promise.all(
        commands.map((command, i) => (replies[i] === undefined ? this.send(command) : undefined)),
      )
      await rest()
      for (const [i, request] of requests.entries()) {
        if (request !== undefined) replies[i] = this.answers.get(request)
      }
    }
    if (replies.includes(undefined)) throw new Error('no answer')
    return replies as Reply[]
  }

  /** Every event counts once, mailboxes have no gap, and a replay gives the same rows. */
  async check(): Promise<Said[]> {
    const said = await this.said()
    const places = said.map(({ chatId, randomId }) => `${chatId} ${randomId}`)
    deepStrictEqual(new Set(places).size, places.length)
    for (const chatId of new Set(said.map((each) => each.chatId))) {
      const seqs = said.filter((each) => each.chatId === chatId).map(({ seq }) => seq)
      deepStrictEqual(
        seqs,
        seqs.map((_, i) => i + 1),
      )
    }
    const tables = new MemoryTables(this.tablesState)
    for (const userId of new Set(said.flatMap(({ members }) => members))) {
      const updates = await tables.range(toyUpdates, { userId }, { limit: 1_000 })
      const expected = said.filter(({ members }) => members.includes(userId)).length
      deepStrictEqual(
        updates.map(({ pts }) => pts),
        Array.from({ length: expected }, (_, i) => i + 1),
      )
    }
    await this.checkReplay()
    return said
  }

  /** A replay gives the same rows. */
  async checkReplay(): Promise<void> {
    const tables = new MemoryTables(this.tablesState)
    const again = new MemoryTables()
    await again.create(toyTables)
    await replay({
      log: this.client,
      tables: again,
      codec: toyCodec,
      deciders: [toyDecider],
      folds: [toyFold],
    })
    deepStrictEqual(await dump(again), await dump(tables))
  }

  /** Valid events of all partitions. */
  async said(): Promise<Said[]> {
    const said: Said[] = []
    for (let p = 0; p < TOY_PARTITIONS; p++) {
      const epochs = new Epochs()
      for (const { value } of this.logState.partition('chat.events', p).records) {
        const { header, record } = toyCodec.decode(value)
        if (epochs.accept(header, record) && record.type === 'Said') said.push(record as Said)
      }
    }
    return said
  }
}

async function dump(tables: MemoryTables): Promise<string[]> {
  const rows: string[] = []
  for (const table of toyRows) {
    for await (const row of tables.scan(table)) rows.push(`${table.name} ${JSON.stringify(row)}`)
  }
  return rows.sort()
}

/** Resolves when nothing in this process has anything left to do at once: all stores here work without waiting. */
export async function rest(): Promise<void> {
  for (let turn = 0; turn < 40; turn++) await new Promise((resolve) => setImmediate(resolve))
}

export function say(chatId: string, randomId: number, how: Say['how'] = 'say'): Say {
  return { type: 'Say', chatId, by: 1, randomId, times: 1, members: [1, 2], how }
}
