import { type AnyRow, type Mutation, type RowRef, StoreUnavailable, type Tables } from '@heliograph/storage'
import type { StoreModel } from '../plan.ts'
import type { Life } from '../world/life.ts'
import type { Disk } from './disk.ts'
import type { Network } from './network.ts'
import type { Operations } from './operations.ts'

const failed = (message: string): Error => new StoreUnavailable(message)

/** One in so many reads of several rows is not done at one instant; of an estranged process none is, and they take long. */
const IN_TURN_ONE_IN = 4
const IN_TURN_WITHIN_MS = 60

/** The tables as one life of a process has them. */
export function simulatedTables(
  disk: Disk,
  operations: Operations,
  network: Network,
  life: Life,
  model: StoreModel,
): Tables {
  const { random } = network.world
  const some = (mutations: readonly Mutation[]) => mutations.filter(() => random.below(2) === 0)
  return {
    create: async () => {},
    get: (table, key) =>
      operations.run({ name: `get ${table.name}`, act: () => disk.tables.get(table, key), failed }),
    getMany: (refs) =>
      operations.run({
        name: `get ${refs.length} ${refs[0]?.table.name}`,
        act: () => (model === 'shared' ? disk.tables.getMany(refs) : readInTurn(disk, refs, network, life)),
        failed,
      }),
    range: (table, partition, options) =>
      operations.run({
        name: `range ${table.name}`,
        act: () => disk.tables.range(table, partition, options),
        failed,
      }),
    scan: (table) => disk.tables.scan(table),
    apply: (mutations, writeTime) =>
      operations.run({
        name: `apply ${mutations.map(nameOf)} at ${writeTime}`,
        act: () => disk.apply(mutations, writeTime),
        half: () => disk.apply(some(mutations), writeTime),
        failed,
      }),
    close: async () => {},
  }
}

/** Independent stores answer for each row by itself: what is written meanwhile shows in some of them, and not in others. */
async function readInTurn(
  { tables }: Disk,
  refs: readonly RowRef[],
  network: Network,
  { estranged }: Life,
): Promise<(AnyRow | undefined)[]> {
  const { random } = network.world
  if (refs.length < 2 || (!estranged && random.below(IN_TURN_ONE_IN) > 0)) return tables.getMany(refs)
  const waitMs = estranged ? random.below(IN_TURN_WITHIN_MS) : network.delayMs()
  const late = refs.map(() => random.below(2) === 0)
  const rows = await tables.getMany(refs)
  await new Promise<void>((resolve) => network.world.later(waitMs, undefined, resolve))
  const then = await tables.getMany(refs)
  return rows.map((row, i) => (late[i] ? then[i] : row))
}

function nameOf(mutation: Mutation): string {
  const { table, kind } = mutation
  const values = kind === 'upsert' ? mutation.row : mutation.key
  const key = [...table.partitionKey, ...table.clusteringKey].map((column) => values[column])
  return `${kind === 'upsert' ? '+' : '-'}${table.name}(${key})`
}
