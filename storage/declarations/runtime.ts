import type { TableDeclaration } from '../table.ts'

/** Where each group stands in each partition; `state` is opaque to storage. */
export const checkpoints = {
  name: 'checkpoints',
  columns: { group: 'text', topic: 'text', partition: 'int', state: 'blob' },
  partitionKey: ['group', 'topic', 'partition'],
  clusteringKey: [],
} as const satisfies TableDeclaration

/** Actors that a poison record has parked. */
export const parkedActors = {
  name: 'parked_actors',
  columns: { group: 'text', topic: 'text', partition: 'int', key: 'text', reason: 'text', offset: 'bigint' },
  partitionKey: ['group', 'topic', 'partition'],
  clusteringKey: ['key'],
} as const satisfies TableDeclaration

/** Wrapped data keys. Written only through compare-and-set by the keyring. */
export const dataKeys = {
  name: 'data_keys',
  columns: { scope: 'text', wrapped: 'blob' },
  partitionKey: ['scope'],
  clusteringKey: [],
} as const satisfies TableDeclaration
