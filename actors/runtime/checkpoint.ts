import { checkpoints, type Mutation, type Tables } from '@heliograph/storage'
import { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import type { Assignment } from './ports.ts'
import { Watermarks } from './watermarks.ts'

const DECIDER_VERSION = 1
/** Owners of a partition over its whole life, and positions that one of them may count to. */
const MAX_GENERATIONS = 2 ** 20
const MAX_PROGRESS = 2 ** 33

/** Where a decider stands in one partition. */
export interface DeciderState {
  /** Epoch that is in force at `nextEvent`. */
  readonly epoch: number
  /** First event whose rows and consequences may be missing. */
  readonly nextEvent: number
  readonly nextCommand: number
  readonly watermarks: Watermarks
}

export function writeDeciderState(to: ByteWriter, state: DeciderState): Buffer {
  to.reset().number(DECIDER_VERSION)
  to.number(state.epoch)
  to.number(state.nextEvent)
  to.number(state.nextCommand)
  state.watermarks.write(to)
  return to.finish()
}

export function readDeciderState(bytes: Buffer): DeciderState {
  const from = new ByteReader(bytes)
  expectVersion(from, DECIDER_VERSION)
  const epoch = from.number()
  const nextEvent = from.number()
  const nextCommand = from.number()
  const watermarks = Watermarks.read(from)
  from.end()
  return { epoch, nextEvent, nextCommand, watermarks }
}

/** Throws where a state is of a version that this software does not know. */
export function expectVersion(from: ByteReader, version: number): void {
  const found = from.number()
  if (found !== version) throw new Error(`checkpoint is of version ${found}, not ${version}`)
}

/**
 * Write time of a checkpoint: a later owner's always wins over an earlier one's, and within one owner the further one.
 * @param generation the owner's epoch, or number of its claim
 * @param progress strictly grows from one checkpoint of an owner to its next
 */
export function checkpointTime(generation: number, progress: number): number {
  if (generation >= MAX_GENERATIONS) throw new Error(`more than ${MAX_GENERATIONS} owners`)
  if (progress >= MAX_PROGRESS) throw new Error(`more than ${MAX_PROGRESS} positions`)
  return generation * MAX_PROGRESS + progress
}

export async function loadState(tables: Tables, at: Assignment): Promise<Buffer | undefined> {
  const row = await tables.get(checkpoints, keyOf(at))
  return row?.state ?? undefined
}

export function stateMutation(at: Assignment, state: Buffer): Mutation {
  return { kind: 'upsert', table: checkpoints, row: { ...keyOf(at), state } }
}

function keyOf({ group, topic, partition }: Assignment) {
  return { group, topic, partition }
}
