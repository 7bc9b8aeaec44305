import type { RowRef } from '@heliograph/storage'
import type { StoredRecord } from '@heliograph/topics'
import { ByteWriter } from './byte-writer.ts'
import { checkpointTime, stateMutation, writeDeciderState } from './checkpoint.ts'
import { DeadLetters } from './dead-letters.ts'
import { type AnyDecider, DeciderBatch, type DeciderPlace } from './decider-batch.ts'
import { type OpenedRecord, openRecords } from './opened-record.ts'
import { Outbox } from './outbox.ts'
import type { Ownership } from './ownership.ts'
import type { Handled, PartitionDriver } from './partition-loop.ts'
import type { Assignment, LoopLimits, Ports } from './ports.ts'
import { recoverDecider } from './recovery.ts'
import { RowCache } from './row-cache.ts'
import { RowView } from './row-view.ts'
import { Watermarks } from './watermarks.ts'

/**
 * One partition of a decider: load rows, decide, append events, append consequences and upsert rows, checkpoint.
 *
 * Rows are written with the offset behind the batch's last event as write time: a row of write time w is what all events
 * below w made of it. Offsets of a partition grow across its owners, so no epoch is needed for that to order the writes of
 * a zombie or a replay before newer ones. It takes for granted that a row is always written from the same events
 * partition, so deciders of one group must not let several keys write one row.
 */
export class DeciderDriver implements PartitionDriver {
  readonly #ports: Ports
  readonly #decider: AnyDecider
  readonly #at: Assignment
  readonly #limits: LoopLimits
  readonly #cache: RowCache
  readonly #writer = new ByteWriter()
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
    const opening = openRecords(this.#ports.codec, records)
    const commands = opening instanceof Promise ? await opening : opening
    const view = new RowView(this.#cache)
    const outbox = new Outbox(this.#ports.log)
    const { needs, ready } = this.#needs(commands)
    const loading = view.load(this.#ports.tables, needs)
    if (loading !== undefined) await loading
    const batch = this.#decide(ready, view, outbox)
    const { appended } = await this.#store(batch, view, outbox)
    this.#nextCommand = (records[records.length - 1] as StoredRecord).offset + 1
    this.#unsaved += records.length
    if (batch.answersRestOnNoEvent) {
      await this.#settle()
      return { deliveries: batch.deliveries, durable: this.#ports.log.barrier() }
    }
    if (this.#unsaved >= this.#limits.checkpointEveryRecords) await this.#save()
    return { deliveries: batch.deliveries, durable: appended ?? this.#ports.log.appended() }
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
    const to = { view, outbox, watermarks: this.#watermarks, deadLetters: this.#deadLetters }
    const { codec } = this.#ports
    const batch = new DeciderBatch(this.#decider, codec, this.#place, this.#ownership.next, to)
    for (const command of commands) batch.take(command)
    return batch
  }

  /**
   * The event is the fact: nothing of what follows from it is stored before it has its place. Resolves to when the records
   * are durable, if there are any; rows may be lost in a crash, for they follow from the events.
   */
  async #store(batch: DeciderBatch, view: RowView, outbox: Outbox): Promise<{ appended?: Promise<void> }> {
    if (this.#deadLetters.pending) {
      await this.#ownership.confirm()
      await this.#deadLetters.flush()
    }
    if (batch.events.length === 0) return {}
    await this.#ownership.append(batch.events)
    const pending = outbox.flush()
    const appended = this.#ports.log.appended()
    appended.catch(() => {}) // told to whoever waits for it, if the rows are stored
    const rows = view.written()
    if (rows.length > 0) pending.push(this.#ports.tables.apply(rows, this.#ownership.next))
    await Promise.all(pending)
    return { appended }
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

  async #save(): Promise<void> {
    const { epoch, next: nextEvent } = this.#ownership
    const nextCommand = this.#nextCommand
    const state = { epoch, nextEvent, nextCommand, watermarks: this.#watermarks }
    const bytes = writeDeciderState(this.#writer, state)
    // Both only grow, and every save but the first comes after a further command.
    const time = checkpointTime(epoch, nextEvent + nextCommand)
    await this.#ports.tables.apply([stateMutation(this.#at, bytes)], time)
    this.#unsaved = 0
  }
}
