export type { Replication } from './placement.ts'
export { dropKeyspace } from './schema.ts'
export { type CassandraOptions, CassandraSession } from './session.ts'
export * from './tables.ts'
