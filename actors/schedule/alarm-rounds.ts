import {
  type ChatCommand,
  type ChatId,
  type ExpireMessages,
  type FireScheduled,
  MAX_DELETED_PER_COMMAND,
  type MessageExtra,
  type MessageSeq,
  type UserId,
} from '@heliograph/schemas/avro'
import {
  ALARM_SHARDS,
  alarms,
  type RowOf,
  type StateCache,
  scheduledMessages,
  type Tables,
} from '@heliograph/storage'
import { type Log, type LogRecord, partitionOf } from '@heliograph/topics'
import type { Codec } from '../runtime/ports.ts'

/** Alarms of one part that one round sees to. */
const MAX_RUNG = 1_000
/** An alarm that rang and is still there rings again after this: what it asked for may have been lost, or have to wait. */
const AGAIN_MS = 30_000
/** Alarms that are set for a time before this have been seen to, but for those that come late. */
const LATE_SECONDS = 3600
/** After so many rounds everything is looked at, however late. */
const FULL_ROUND_EVERY = 600
const TURN_SECONDS = 10
const NOTHING = Buffer.alloc(1)

type AlarmRow = RowOf<typeof alarms>

export interface AlarmPorts {
  readonly log: Pick<Log, 'partitions' | 'append'>
  readonly tables: Tables
  readonly cache: StateCache
  readonly codec: Codec
  /** Milliseconds since 1970. */
  readonly nowMs: () => number
}

/**
 * Tells the message actor what is due: nothing happens but by its commands, which it carries out once however often they come. So
 * it does no harm where several processes look, or one has died in between.
 */
export class AlarmRounds {
  readonly #ports: AlarmPorts
  readonly #rung = new Map<string, number>()
  #round = 0

  constructor(ports: AlarmPorts) {
    this.#ports = ports
  }

  /** Rings what is due now; resolves to how many commands that took. Rejects where a store is away. */
  async ring(): Promise<number> {
    const nowMs = this.#ports.nowMs()
    const isFull = this.#round++ % FULL_ROUND_EVERY === 0
    this.#forget(nowMs)
    let given = 0
    for (let shard = 0; shard < ALARM_SHARDS; shard++) {
      if (await this.#isOurTurn(shard, nowMs)) given += await this.#ringShard(shard, nowMs, isFull)
    }
    return given
  }

  /** Of several processes the first to ask sees to a part in a second. While the cache is away all of them do. */
  #isOurTurn(shard: number, nowMs: number): Promise<boolean> {
    const turn = `alarms:${shard}:${Math.floor(nowMs / 1000)}`
    return this.#ports.cache.add(turn, NOTHING, TURN_SECONDS).catch(() => true)
  }

  async #ringShard(shard: number, nowMs: number, isFull: boolean): Promise<number> {
    const now = Math.floor(nowMs / 1000)
    const range = { from: isFull ? 0 : now - LATE_SECONDS, to: now, limit: MAX_RUNG }
    const rows = await this.#ports.tables.range(alarms, { shard }, range)
    const due = rows.filter((row) => this.#rings(row, nowMs))
    if (due.length === 0) return 0
    const commands: ChatCommand[] = [...expired(due), ...(await this.#scheduled(due))]
    await this.#give(commands, nowMs)
    return commands.length
  }

  #rings(row: AlarmRow, nowMs: number): boolean {
    const name = `${row.chatId}/${row.what}/${row.dueAt}/${row.ownerId}/${row.id}`
    if (this.#rung.has(name)) return false
    this.#rung.set(name, nowMs)
    return true
  }

  #forget(nowMs: number): void {
    for (const [name, rungMs] of this.#rung) {
      if (nowMs - rungMs < AGAIN_MS) return
      this.#rung.delete(name)
    }
  }

  async #scheduled(due: readonly AlarmRow[]): Promise<FireScheduled[]> {
    const own = due.filter(({ what }) => what === 'scheduled')
    const rows = await this.#ports.tables.getMany(
      own.map(({ chatId, ownerId, id }) => ({
        table: scheduledMessages,
        key: { chatId: chatId!, senderId: ownerId!, id: id! },
      })),
    )
    return own.flatMap((alarm, index) => {
      const row = rows[index] as RowOf<typeof scheduledMessages> | undefined
      return row === undefined ? [] : [fired(alarm, row)]
    })
  }

  async #give(commands: readonly ChatCommand[], timestampMs: number): Promise<void> {
    const { log, codec } = this.#ports
    const header = { cause: null, epoch: 0, reply: null }
    const batches = new Map<number, LogRecord[]>()
    for (const command of commands) {
      const partition = partitionOf(command.chatId, log.partitions('chat.commands'))
      const record = { key: command.chatId, value: codec.encode(header, command), timestampMs }
      const batch = batches.get(partition)
      if (batch === undefined) batches.set(partition, [record])
      else batch.push(record)
    }
    await Promise.all([...batches].map(([partition, batch]) => log.append('chat.commands', partition, batch)))
  }
}

function fired(
  { chatId, ownerId, id, dueAt }: AlarmRow,
  row: RowOf<typeof scheduledMessages>,
): FireScheduled {
  return {
    type: 'FireScheduled',
    chatId: chatId as ChatId,
    senderId: ownerId as UserId,
    id: id!,
    dueAt: dueAt!,
    randomId: row.randomId ?? 0n,
    replyToSeq: row.replyToSeq as MessageSeq | null,
    threadSeq: row.extra === null ? null : (JSON.parse(row.extra) as MessageExtra).threadSeq,
  }
}

/** One command for those messages and polls of a chat that run out at the same time. */
function expired(due: readonly AlarmRow[]): ExpireMessages[] {
  const commands: ExpireMessages[] = []
  for (const { what, chatId, dueAt, id } of due) {
    if (what === 'scheduled') continue
    const last = commands.at(-1)
    const joins =
      last?.chatId === chatId && last.dueAt === dueAt && last.seqs.length < MAX_DELETED_PER_COMMAND
    if (joins) last.seqs.push(id as MessageSeq)
    else
      commands.push({
        type: 'ExpireMessages',
        chatId: chatId as ChatId,
        dueAt: dueAt!,
        seqs: [id as MessageSeq],
      })
  }
  return commands
}

/** Rounds again and again until it is ended; what fails is told and tried in the next. */
export function startAlarms(
  ports: AlarmPorts,
  intervalMs: number,
  failed: (error: unknown) => void = () => {},
): { stop(): Promise<void> } {
  const rounds = new AlarmRounds(ports)
  let running: Promise<unknown> = Promise.resolve()
  let isRunning = false
  const timer = setInterval(() => {
    if (isRunning) return
    isRunning = true
    running = rounds
      .ring()
      .catch(failed)
      .finally(() => {
        isRunning = false
      })
  }, intervalMs)
  timer.unref()
  return {
    stop: async () => {
      clearInterval(timer)
      await running
    },
  }
}
