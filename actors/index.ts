export { accountDecider } from './account/index.ts'
export { type MediaCommand, type MediaEvent, mediaDecider } from './media/index.ts'
export { blobName, parsedBlobName } from './media/keys.ts'
export { messageDecider } from './message/index.ts'
export { FIRST_PTS, notificationFold } from './notification/index.ts'
export * from './runtime/decider.ts'
export {
  type Letter,
  listDeadLetters,
  NotResubmittable,
  type ParkedActor,
  releaseWith,
  resubmit,
  unpark,
} from './runtime/letters.ts'
export { type Actors, type ActorsOptions, startActors } from './runtime/node.ts'
export type {
  ActorsObserver,
  BatchStages,
  ObservedBatch,
  ObservedFailure,
  ObservedPlace,
} from './runtime/observer.ts'
export { type Codec, DEFAULT_LIMITS, type LoopLimits, type Ports } from './runtime/ports.ts'
export { deciderPositions, foldPosition, type SavedPosition } from './runtime/position.ts'
export { type ReplayOptions, type ReplayPart, replay, replayParts } from './runtime/replay.ts'
export { AlarmRounds, startAlarms } from './schedule/alarm-rounds.ts'
