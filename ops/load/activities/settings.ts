import { z } from 'zod'

const MAX_WEIGHT = 1_000_000
const MAX_CHATS_PER_USER = 200
const MAX_TEXT_BYTES = 4096
/** The mark that messages are recognised by has to fit in. */
export const MIN_TEXT_BYTES = 32
const MAX_PERIOD_SECONDS = 3600
/** What `upload.saveFilePart` is for; larger files have another method. */
const MAX_FILE_BYTES = 10 * 1024 * 1024

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

/** Files from one person to another, who downloads each and compares it with what was sent. */
const media = z
  .strictObject({
    activity: z.literal('media'),
    weight: weight.default(0.05),
    /** Sizes lie between these; small ones are more frequent than large ones. */
    minBytes: z.number().int().min(1).max(MAX_FILE_BYTES).default(1024),
    maxBytes: z
      .number()
      .int()
      .min(1)
      .max(MAX_FILE_BYTES)
      .default(1024 * 1024),
    /** Share of files whose content is one of `contents` that are sent again and again, which the server keeps once. */
    repeated: z.number().min(0).max(1).default(0.25),
    contents: z.number().int().min(1).max(1000).default(10),
  })
  .refine(({ minBytes, maxBytes }) => minBytes <= maxBytes, {
    path: ['minBytes'],
    message: 'is more than maxBytes',
  })

export const activitySettings = z.discriminatedUnion('activity', [
  privateChats,
  typing,
  read,
  group,
  channel,
  media,
  signUp,
  reconnectStorm,
  slowReader,
])

export type ActivitySettings = z.infer<typeof activitySettings>
export type ActivityName = ActivitySettings['activity']
export type SettingsOf<N extends ActivityName> = Extract<ActivitySettings, { activity: N }>

export const ACTIVITY_NAMES = activitySettings.options.map((option) => option.shape.activity.value)
