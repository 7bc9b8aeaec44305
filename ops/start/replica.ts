import { checkpoints, type Mutation, parkedActors, type Tables } from '@heliograph/storage'
import type { Repair } from '../operate/replay/repair.ts'

/** Tables beside the live ones, for a replay. */
export interface Replica {
  /** For a person. */
  readonly place: string
  /** Empty, or as an unfinished replay left them. */
  open(): Promise<Tables>
  /** Makes them the live ones, or the live ones like them; gives a line that says what to do next. */
  adopt(replayed: Tables, found: Pick<Repair, 'differences' | 'endOf'>): Promise<string>
  drop(): Promise<void>
}

/** Older than whatever an owner writes later. */
const COPIED_AT = 1
const CHUNK_ROWS = 256

/**
 * Copies what no event makes: where owners stand, and whom they have set aside. Owners may go on meanwhile: whoever starts on
 * the copy reads the events since again.
 */
export async function copyPositions(from: Tables, to: Tables): Promise<void> {
  for (const table of [checkpoints, parkedActors]) {
    let chunk: Mutation[] = []
    for await (const row of from.scan(table)) {
      chunk.push({ kind: 'upsert', table, row })
      if (chunk.length < CHUNK_ROWS) continue
      await to.apply(chunk, COPIED_AT)
      chunk = []
    }
    if (chunk.length > 0) await to.apply(chunk, COPIED_AT)
  }
}
