import type { RowRef } from '@heliograph/storage'
import type { StoredRecord } from '@heliograph/topics'
import { BatchTimer } from './batch-timer.ts'
import { ByteWriter } from './byte-writer.ts'
import { checkpointTime, stateMutation, writeDeciderState } from './checkpoint.ts'
import { DeadLetters } from './dead-letters.ts'
import { type AnyDecider, DeciderBatch, type DeciderPlace } from './decider-batch.ts'
import { Flight } from './flight.ts'
import { type OpenedRecord, openRecords } from './opened-record.ts'
import { Outbox, Sender } from './outbox.ts'
import type { Ownership } from './ownership.ts'
import type { Handled, PartitionDriver } from './partition-loop.ts'
import type { Assignment, LoopLimits, Ports } from './ports.ts'
import { recoverDecider } from './recovery.ts'
import { RowCache } from './row-cache.ts'
import { RowView } from './row-view.ts'
import { Watermarks } from './watermarks.ts'

/** Wrapped, so that nobody waits for it who only wants it. */
interface Stored {
  readonly done: Promise<unknown>
}

/**
 * One partition of a decider: load rows, decide, append events, append consequences and upsert rows, checkpoint.
 *
 * Rows are written with the offset behind the batch's last event as write time: a row of write time w is what all events
 * below w made of it. Offsets of a partition grow across its owners, so no epoch is needed for that to order the writes of
 * a zombie or a replay before newer ones. It takes for granted that a row is always written from the same events
 * partition, so deciders of one group must not let several keys write one row.
 *
 * One append of events is on its way at a time: what is decided next rests on it. Rows and consequences of a batch are
 * stored while the next ones are decided; callers are told, in order, when these are stored too.
 *
 * Whatever fails, or may have been done all the same: the partition is opened anew, by this process or another, and
 * `recoverDecider` does everything again since the last checkpoint that is there. Events that were appended are taken as
 * decided, and none is decided twice; events that arrive after the announcement are of an older epoch and nobody reads
 * them; rows have the same values and write times; consequences carry their causes, of which each is taken once; a
 * checkpoint that was not saved is an earlier start, and one saved late loses to that of a higher epoch.
 */
export class DeciderDriver implements PartitionDriver {
  readonly #ports: Ports
  readonly #decider: AnyDecider
  readonly #at: Assignment
  readonly #limits: LoopLimits
  readonly #cache: RowCache
  readonly #writer = new ByteWriter()
  readonly #flight: Flight
  readonly #sender: Sender
  #ownership!: Ownership
  #place!: DeciderPlace
  #deadLetters!: DeadLetters
  #watermarks = new Watermarks()
  #nextCommand = 0
  #unsaved = 0

  constructor(ports: Ports, decider: AnyDecider, partition: number, limits: LoopLimits) {
    this.#ports = ports
    this.#decider = decider
    this.#at = { group: decider.group, topic: decider.commands, partition }
    this.#limits = limits
    this.#cache = new RowCache(limits.maxCachedRows)
    this.#flight = new Flight(limits.maxInFlight)
    this.#sender = new Sender(ports.log)
  }

  async open(): Promise<number> {
    const { commands, events } = this.#decider
    const { partition } = this.#at
    this.#deadLetters = await DeadLetters.load(this.#ports, this.#at)
    const recovered = await recoverDecider(
      this.#ports,
      this.#decider,
      this.#at,
      this.#deadLetters,
      this.#limits,
    )
    this.#ownership = recovered.ownership
    this.#watermarks = recovered.watermarks
    this.#nextCommand = recovered.nextCommand
    const partitions = this.#ports.log.partitions(commands)
    if (this.#ports.log.partitions(events) !== partitions) throw new Error(`${events}: other partition count`)
    this.#place = { commands, events, partition, partitions, epoch: this.#ownership.epoch }
    await this.#save()
    return this.#nextCommand
  }

  async handle(records: readonly StoredRecord[]): Promise<Handled> {
    const timer = BatchTimer.start(this.#ports.observer, this.#at, records)
    const room = this.#flight.room()
    if (room !== undefined) await room
    const opening = openRecords(this.#ports.codec, records)
    const commands = opening instanceof Promise ? await opening : opening
    const view = new RowView(this.#cache, this.#flight)
    const outbox = new Outbox(this.#ports.log)
    const { needs, ready } = this.#needs(commands)
    const loading = view.load(this.#ports.tables, needs)
    if (loading !== undefined) await loading
    timer?.ended('load')
    const batch = this.#decide(ready, view, outbox)
    timer?.ended('decide')
    const stored = await this.#store(batch, view, outbox, timer)
    this.#nextCommand = (records[records.length - 1] as StoredRecord).offset + 1
    this.#unsaved += records.length
    const { deliveries } = batch
    if (batch.answersRestOnNoEvent) {
      await this.#settle()
      return { deliveries, durable: this.#ports.log.barrier() }
    }
    const durable = stored?.done ?? this.#ports.log.appended()
    if (this.#unsaved < this.#limits.checkpointEveryRecords) return { deliveries, durable }
    return { deliveries, durable, aside: this.#save() }
  }

  async release(record: StoredRecord): Promise<void> {
    await this.close()
    await this.#ownership.confirm()
    await this.#deadLetters.release(record)
    this.#nextCommand = record.offset + 1
    this.#unsaved++
  }

  async close(): Promise<void> {
    if (this.#unsaved > 0) await this.#save()
  }

  #needs(commands: readonly OpenedRecord[]): { needs: RowRef[]; ready: OpenedRecord[] } {
    const needs: RowRef[] = []
    const ready = commands.map((command) => {
      if (command.record === undefined) return command
      try {
        needs.push(...this.#decider.needs(command.record))
        return command
      } catch (error) {
        return { ...command, error }
      }
    })
    return { needs, ready }
  }

  #decide(commands: readonly OpenedRecord[], view: RowView, outbox: Outbox): DeciderBatch {
    const { codec, tracer } = this.#ports
    const to = { view, outbox, watermarks: this.#watermarks, deadLetters: this.#deadLetters, tracer }
    const batch = new DeciderBatch(this.#decider, codec, this.#place, this.#ownership.next, to)
    for (const command of commands) batch.take(command)
    return batch
  }

  /**
   * The event is the fact: nothing of what follows from it is stored before it has its place. Resolves to when that is
   * stored and the records are durable; rows may be lost in a crash, for they follow from the events.
   */
  async #store(
    batch: DeciderBatch,
    view: RowView,
    outbox: Outbox,
    timer: BatchTimer | undefined,
  ): Promise<Stored | undefined> {
    if (this.#deadLetters.pending) {
      await this.#ownership.confirm()
      await this.#deadLetters.flush()
    }
    if (batch.events.length > 0) await this.#ownership.append(batch.events)
    timer?.ended('append')
    if (batch.events.length === 0) {
      timer?.stored()
      return undefined
    }
    const { sent, durable } = this.#sender.send(outbox)
    const landed = this.#flight.push(view, this.#land(view, sent, timer))
    const done = Promise.all([landed, durable])
    done.catch(() => undefined) // told to whoever waits for the batch
    return { done }
  }

  async #land(view: RowView, sent: Promise<unknown>, timer: BatchTimer | undefined): Promise<void> {
    const rows = view.written()
    await (rows.length === 0
      ? sent
      : Promise.all([sent, this.#ports.tables.apply(rows, this.#ownership.next)]))
    timer?.stored()
  }

  /**
   * Makes a decision without an event final. It may rest on rows of others (who blocks whom), so that deciding it again
   * could come to something else than what the caller was told. Whoever takes over announces itself and then reads the
   * checkpoint: it finds this one, or this owner finds the announcement and tells nobody.
   */
  async #settle(): Promise<void> {
    await this.#save()
    await this.#ownership.confirm()
  }

  /** Saves where it stands now, as soon as all that this tells of is stored. */
  async #save(): Promise<void> {
    const { epoch, next: nextEvent } = this.#ownership
    const nextCommand = this.#nextCommand
    const state = { epoch, nextEvent, nextCommand, watermarks: this.#watermarks }
    const bytes = writeDeciderState(this.#writer, state)
    // Both only grow, and every save but the first comes after a further command.
    const time = checkpointTime(epoch, nextEvent + nextCommand)
    this.#unsaved = 0
    const landed = this.#flight.landed()
    if (landed !== undefined) await landed
    await this.#ports.tables.apply([stateMutation(this.#at, bytes)], time)
  }
}
