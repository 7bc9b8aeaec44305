export { KafkaLog } from './log.ts'
export type { KafkaSettings } from './options.ts'
