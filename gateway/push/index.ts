export { type KeyedSessions, Push, startPush } from './push.ts'
