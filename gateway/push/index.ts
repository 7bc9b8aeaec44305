export { type KeyedSessions, Push } from './push.ts'
