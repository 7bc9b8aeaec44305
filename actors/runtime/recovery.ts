import type { Offset, StoredRecord } from '@heliograph/topics'
import { type DeciderState, loadState, readDeciderState } from './checkpoint.ts'
import type { DeadLetters } from './dead-letters.ts'
import type { Reaction } from './decider.ts'
import type { AnyDecider } from './decider-batch.ts'
import { type Delivery, deliver, deliveryOf } from './delivery.ts'
import { Epochs } from './epochs.ts'
import { type OpenedRecord, openRecords } from './opened-record.ts'
import { encodeReactions, Outbox } from './outbox.ts'
import { announce, type Ownership } from './ownership.ts'
import { readRange } from './partition-reader.ts'
import type { Assignment, LoopLimits, Ports } from './ports.ts'
import { RowCache } from './row-cache.ts'
import { RowView } from './row-view.ts'
import { Watermarks } from './watermarks.ts'

/** Where a new owner goes on. */
export interface Recovered {
  readonly ownership: Ownership
  readonly nextCommand: number
  readonly watermarks: Watermarks
}

/**
 * Makes this process the owner of a decider's partition, and whole what the owner before left half done: every event since
 * the checkpoint is projected and its records appended again (their consumers drop what they have seen); answers are
 * not repeated, and of publications only the lasting ones. Nothing that has an event, or an answer, is decided again.
 */
export async function recoverDecider(
  ports: Ports,
  decider: AnyDecider,
  at: Assignment,
  deadLetters: DeadLetters,
  limits: LoopLimits,
): Promise<Recovered> {
  const before = await currentState(ports, at)
  const from = { offset: before.nextEvent, epoch: before.epoch }
  const ownership = await announce(ports, decider.events, at.partition, from, limits)
  // Once more: what the owner before settled up to the announcement is settled.
  const state = await currentState(ports, at)
  const redo = new Redo(ports, decider, at)
  const poison: { stored: StoredRecord; error: unknown }[] = []
  const epochs = new Epochs(state.epoch)
  let nextCommand = state.nextCommand
  for await (const records of events(ports, decider, ownership, state, limits)) {
    const valid = (await openRecords(ports.codec, records)).filter((each) => isEvent(each, epochs))
    for (const event of valid) nextCommand = Math.max(nextCommand, afterCause(event, at))
    poison.push(...(await redo.batch(valid)))
  }
  // The commands in between are decided: they only raise the marks.
  const { watermarks } = state
  for await (const records of readRange(
    ports.log,
    at.topic,
    at.partition,
    state.nextCommand,
    nextCommand,
    limits,
  )) {
    for (const { header } of await openRecords(ports.codec, records)) watermarks.see(header?.cause ?? null)
  }
  for (const { stored, error } of poison) deadLetters.parkFrom(decider.events, stored, nextCommand, error)
  await deadLetters.flush()
  return { ownership, nextCommand, watermarks }
}

async function currentState({ log, tables }: Ports, at: Assignment): Promise<DeciderState> {
  const saved = await loadState(tables, at)
  if (saved !== undefined) return readDeciderState(saved)
  const nextCommand = await log.start(at.topic, at.partition)
  return { epoch: 0, nextEvent: 0, nextCommand, watermarks: new Watermarks() }
}

/** What stands between the checkpoint and this owner's announcement. */
function events(
  { log }: Ports,
  { events: topic }: AnyDecider,
  { partition, next }: Ownership,
  { nextEvent }: DeciderState,
  limits: LoopLimits,
) {
  return readRange(log, topic, partition, nextEvent, next - 1, limits)
}

/** An unreadable event counts as one: its actor has to be parked. */
function isEvent({ header, record }: OpenedRecord, epochs: Epochs): boolean {
  return header === undefined || record === undefined || epochs.accept(header, record)
}

function afterCause({ header }: OpenedRecord, at: Assignment): number {
  const cause = header?.cause
  return cause?.topic === at.topic && cause.partition === at.partition ? cause.offset + 1 : 0
}

/** Projects events and repeats their records, and what has to be heard. */
class Redo {
  readonly #ports: Ports
  readonly #decider: AnyDecider
  readonly #at: Assignment
  #lasting: Delivery[] = []

  constructor(ports: Ports, decider: AnyDecider, at: Assignment) {
    this.#ports = ports
    this.#decider = decider
    this.#at = at
  }

  /** Resolves to the events that could not be handled. */
  async batch(events: readonly OpenedRecord[]) {
    const view = new RowView(new RowCache(1))
    const outbox = new Outbox(this.#ports.log)
    const poison: { stored: StoredRecord; error: unknown }[] = []
    for (const event of events) {
      try {
        this.#one(event, view, outbox)
      } catch (error) {
        poison.push({ stored: event.stored, error })
      }
    }
    const rows = view.written()
    const last = events.at(-1)?.stored.offset ?? (0 as Offset)
    await Promise.all(outbox.flush())
    if (rows.length > 0) await this.#ports.tables.apply(rows, last + 1)
    await this.#tell()
    return poison
  }

  /** As ever: once all that it tells of is there to be read, and durable. */
  async #tell(): Promise<void> {
    const lasting = this.#lasting
    if (lasting.length === 0) return
    this.#lasting = []
    await this.#ports.log.appended()
    deliver(this.#ports.bus, lasting)
  }

  #noteLasting(reactions: readonly Reaction[]): void {
    for (const reaction of reactions)
      if (reaction.kind === 'publication' && reaction.lasting === true)
        this.#lasting.push(deliveryOf(this.#ports.codec, reaction))
  }

  #one({ stored, header, record, error }: OpenedRecord, view: RowView, outbox: Outbox): void {
    if (header === undefined || record === undefined) throw error
    const { topic, partition } = { topic: this.#decider.events, partition: this.#at.partition }
    const { log, codec } = this.#ports
    const { offset, timestampMs } = stored
    const date = Math.floor(timestampMs / 1000)
    const at = { date, partition, partitions: log.partitions(topic), offset }
    const mutations = this.#decider.project(record)
    const reactions = this.#decider.react(record, header, at)
    const { outgoing } = encodeReactions(codec, reactions, { topic, partition, offset }, header)
    for (const mutation of mutations) view.write(mutation)
    outbox.add(outgoing, timestampMs)
    this.#noteLasting(reactions)
  }
}
