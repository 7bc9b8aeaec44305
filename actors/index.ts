export { accountDecider } from './account/index.ts'
export { messageDecider } from './message/index.ts'
export { FIRST_PTS, notificationFold } from './notification/index.ts'
export * from './runtime/decider.ts'
