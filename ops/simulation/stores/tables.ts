import { type Mutation, StoreUnavailable, type Tables } from '@heliograph/storage'
import type { Timeline } from '../world/timeline.ts'
import type { Disk } from './disk.ts'
import type { Operations } from './operations.ts'

const failed = (message: string): Error => new StoreUnavailable(message)

/** The tables as one life of a process has them. */
export function simulatedTables(disk: Disk, operations: Operations, { random }: Timeline): Tables {
  const some = (mutations: readonly Mutation[]) => mutations.filter(() => random.below(2) === 0)
  return {
    create: async () => {},
    get: (table, key) =>
      operations.run({ name: `get ${table.name}`, act: () => disk.tables.get(table, key), failed }),
    getMany: (refs) =>
      operations.run({
        name: `get ${refs.length} ${refs[0]?.table.name}`,
        act: () => disk.tables.getMany(refs),
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

function nameOf(mutation: Mutation): string {
  const { table, kind } = mutation
  const values = kind === 'upsert' ? mutation.row : mutation.key
  const key = [...table.partitionKey, ...table.clusteringKey].map((column) => values[column])
  return `${kind === 'upsert' ? '+' : '-'}${table.name}(${key})`
}
