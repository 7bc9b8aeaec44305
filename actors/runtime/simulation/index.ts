export { type Cast, Incarnation, InjectedFailure } from './incarnation.ts'
export { TIGHT_LIMITS } from './life.ts'
export { Random } from './random.ts'
export { type CrashPoint, type FaultMode, type StoreModel, WORLD_TIME_MS, World } from './world.ts'
