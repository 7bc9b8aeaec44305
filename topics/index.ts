export * from './log.ts'
export * from './topic.ts'
