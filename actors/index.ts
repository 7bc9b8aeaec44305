export * from './runtime/decider.ts'
