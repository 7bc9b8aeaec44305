import type { Stage } from '../traffic/stage.ts'
import type { Activity, Prepare } from './activity.ts'
import { reconnectStorm, slowReader } from './disturbance.ts'
import { channelMessages, groupMessages } from './groups.ts'
import { media } from './media.ts'
import { read, typing } from './noise.ts'
import { privateMessages } from './private.ts'
import type { ActivityName, ActivitySettings } from './settings.ts'
import { signUp } from './sign-up.ts'

/** Every activity by its name: a new one needs its settings (`settings.ts`) and a line here. */
const ACTIVITIES: { readonly [N in ActivityName]: Prepare<N> } = {
  private: privateMessages,
  typing,
  read,
  group: groupMessages,
  channel: channelMessages,
  media,
  'sign-up': signUp,
  'reconnect-storm': reconnectStorm,
  'slow-reader': slowReader,
}

/** Readies the activity that the settings name. */
export function prepareActivity(stage: Stage, settings: ActivitySettings): Activity {
  const prepare = ACTIVITIES[settings.activity] as Prepare<ActivityName>
  return prepare(stage, settings)
}
