import type { Stage } from '../traffic/stage.ts'
import type { ActivityName, SettingsOf } from './settings.ts'

/** Something that happens again and again at random moments, as often as its weight says. */
export interface WeightedActivity {
  readonly kind: 'weighted'
  /** One occurrence, which was meant for `intendedMs` (`performance.now()`). */
  occur(intendedMs: number): void
}

/** Something that happens at fixed intervals. */
export interface PeriodicActivity {
  readonly kind: 'periodic'
  readonly everySeconds: number
  occur(): void
}

export type Activity = WeightedActivity | PeriodicActivity

/** Readies an activity with its settings for the people and chats of one process. */
export type Prepare<N extends ActivityName> = (stage: Stage, settings: SettingsOf<N>) => Activity
