export { lagOf, type PartitionLag } from './lag.ts'
export { KafkaLog } from './log.ts'
export type { KafkaSettings } from './options.ts'
