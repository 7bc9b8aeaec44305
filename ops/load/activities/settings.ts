import { z } from 'zod'

const MAX_WEIGHT = 1_000_000
const MAX_CHATS_PER_USER = 200
const MAX_TEXT_BYTES = 4096
/** The mark that messages are recognised by has to fit in. */
export const MIN_TEXT_BYTES = 32
const MAX_PERIOD_SECONDS = 3600

const weight = z.number().positive().max(MAX_WEIGHT)
const share = z.number().positive().max(1)
const seconds = z.number().positive().max(MAX_PERIOD_SECONDS)

/** Messages between two people; some chats are much busier than others. */
const privateChats = z.strictObject({
  activity: z.literal('private'),
  weight: weight.default(1),
  chatsPerUser: z.number().int().min(1).max(MAX_CHATS_PER_USER).default(4),
  /** Exponent of Zipf's law for the chats; 0 makes all alike. */
  zipf: z.number().min(0).max(3).default(0.8),
  textBytes: z.number().int().min(MIN_TEXT_BYTES).max(MAX_TEXT_BYTES).default(64),
})

/** "Typing…", told to the other side. */
const typing = z.strictObject({ activity: z.literal('typing'), weight: weight.default(0.2) })

/** Reading a chat to its end. */
const read = z.strictObject({ activity: z.literal('read'), weight: weight.default(0.2) })

/** New people: key exchange, sign-up, and off. */
const signUp = z.strictObject({ activity: z.literal('sign-up'), weight: weight.default(0.01) })

/** A share of the clients loses its connection at once, comes back and catches up. */
const reconnectStorm = z.strictObject({
  activity: z.literal('reconnect-storm'),
  everySeconds: seconds.default(10),
  share: share.default(0.3),
})

/** A share of the clients reads nothing from its sockets for a while, then all at once. */
const slowReader = z.strictObject({
  activity: z.literal('slow-reader'),
  everySeconds: seconds.default(8),
  share: share.default(0.05),
  pauseSeconds: seconds.default(3),
})

/** Messages in basic groups of this process's people. */
const group = z.strictObject({
  activity: z.literal('group'),
  weight: weight.default(1),
  groups: z.number().int().min(1).max(1000).default(5),
  members: z.number().int().min(2).max(200).default(20),
  textBytes: z.number().int().min(1).max(MAX_TEXT_BYTES).default(64),
})

/** Messages in supergroups, or posts in broadcast channels, of this process's people. */
const channel = z.strictObject({
  activity: z.literal('channel'),
  weight: weight.default(1),
  channels: z.number().int().min(1).max(1000).default(3),
  members: z.number().int().min(2).max(200).default(50),
  broadcast: z.boolean().default(false),
  textBytes: z.number().int().min(1).max(MAX_TEXT_BYTES).default(64),
})

export const activitySettings = z.discriminatedUnion('activity', [
  privateChats,
  typing,
  read,
  group,
  channel,
  signUp,
  reconnectStorm,
  slowReader,
])

export type ActivitySettings = z.infer<typeof activitySettings>
export type ActivityName = ActivitySettings['activity']
export type SettingsOf<N extends ActivityName> = Extract<ActivitySettings, { activity: N }>

export const ACTIVITY_NAMES = activitySettings.options.map((option) => option.shape.activity.value)

/** Activities of features that the server does not have yet, and what they wait for. */
export const LATER_ACTIVITIES: Readonly<Record<string, string>> = {
  media: 'this server stores no files yet',
}
