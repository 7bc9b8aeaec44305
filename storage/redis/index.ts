export { RedisBus, type RedisBusSettings } from './bus.ts'
export type { RedisSettings } from './connection.ts'
export { RedisStateCache } from './state-cache.ts'
