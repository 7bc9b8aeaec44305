import { randomBytes } from '@heliograph/gateway/mtproto'
import { RecordCodec } from '@heliograph/schemas/avro'
import { allTables } from '@heliograph/storage'
import { Rebuild } from '../../operate/replay/rebuild.ts'
import { verify } from '../../operate/replay/verify.ts'
import { prepareStores } from '../../start/compose.ts'
import type { Stores } from '../../start/stores.ts'
import { fill } from './fill.ts'
import { type MemoryMark, MemoryMarks } from './memory.ts'

/** One phase, how fast it was, and its memory meanwhile. */
export interface Phase {
  readonly name: 'fill' | 'replay' | 'compare'
  readonly unit: 'messages' | 'records' | 'rows'
  readonly count: number
  readonly seconds: number
  readonly marks: readonly MemoryMark[]
}
export interface ReplayRun {
  readonly phases: readonly Phase[]
  readonly differences: number
}

/** Fills empty stores, rebuilds their tables beside them from the topics, and compares every row. */
export async function runReplay(
  stores: Stores,
  messages: number,
  onPhase: (phase: Phase) => void,
): Promise<ReplayRun> {
  const phases: Phase[] = []
  const ended = (phase: Pick<Phase, 'name' | 'unit' | 'count'>, { marks, seconds }: MemoryMarks) => {
    const whole = { ...phase, seconds, marks }
    phases.push(whole)
    onPhase(whole)
  }
  const codec = await prepareStores(stores.ports, stores.partitions)
  const filling = new MemoryMarks()
  const ports = { ...stores.ports, nowMs: Date.now, random: randomBytes }
  await fill(ports, codec, messages, (sent) => filling.at(sent, messages))
  ended({ name: 'fill', unit: 'messages', count: messages }, filling)

  const tables = await stores.replica.open()
  await tables.create(allTables)
  const fresh = await RecordCodec.create(stores.ports.registry)
  const rebuild = await Rebuild.open({ log: stores.ports.log, codec: fresh, tables })
  const replaying = new MemoryMarks()
  const records = await rebuild.catchUp(({ done, total }) => replaying.at(done, total))
  ended({ name: 'replay', unit: 'records', count: records }, replaying)

  const comparing = new MemoryMarks()
  let compared = 0
  const { rows, count } = await verify(stores.ports.tables, tables, rebuild, (more) => {
    compared += more
    comparing.at(compared, messages * ROWS_PER_MESSAGE)
  })
  ended({ name: 'compare', unit: 'rows', count: rows }, comparing)
  return { phases, differences: count }
}

/** A body, a random id, and of each of two members a place in the history, a message id and an update. */
const ROWS_PER_MESSAGE = 8
