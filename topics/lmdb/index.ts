export * from './log.ts'
export type { LogSpace, LogStore } from './log-store.ts'
