import { z } from 'zod'
import { ACTIVITY_NAMES, activitySettings } from './activities/settings.ts'

const MAX_USERS = 100_000
const MAX_RATE = 1_000_000
const MAX_SECONDS = 7 * 24 * 3600
const MAX_IN_FLIGHT = 100_000
const MAX_PROCESSES = 64

const schema = z
  .strictObject({
    users: z.number().int().min(2).max(MAX_USERS).default(40),
    /** Messages per second, all together. */
    rate: z.number().positive().max(MAX_RATE).default(100),
    rampSeconds: z.number().min(0).max(MAX_SECONDS).default(0),
    durationSeconds: z.number().positive().max(MAX_SECONDS).default(30),
    arrivals: z.enum(['poisson', 'constant']).default('poisson'),
    /** Closed loop: so many messages are under way at any time, whatever the rate; undefined: open loop. */
    inFlight: z.number().int().min(1).max(MAX_IN_FLIGHT).optional(),
    processes: z.number().int().min(1).max(MAX_PROCESSES).default(1),
    seed: z.number().int().min(0).max(0xffffffff).default(1),
    /** Interruptions are no error; loss, doubles and disorder always are. */
    faultsExpected: z.boolean().default(false),
    /** After the last message: how long answers and deliveries may still take. */
    drainSeconds: z.number().positive().max(MAX_SECONDS).default(30),
    /** A request without an answer for so long counts as a time-out and is repeated on a new connection. */
    requestTimeoutSeconds: z.number().positive().max(600).default(15),
    mix: z
      .array(activitySettings)
      .min(1)
      .max(50)
      .prefault([{ activity: 'private' }]),
  })
  .refine(({ mix }) => mix.some(({ activity }) => activity === 'private'), {
    path: ['mix'],
    message: 'needs the activity private: without messages there is nothing to verify',
  })
  .refine(({ mix }) => new Set(mix.map(({ activity }) => activity)).size === mix.length, {
    path: ['mix'],
    message: 'names an activity twice',
  })
  .refine(({ users, processes }) => users >= 2 * processes, {
    path: ['users'],
    message: 'has fewer than two users per process',
  })

/** What a run does; times in seconds. */
export type Scenario = z.infer<typeof schema>
/** The same as a person or a file gives it: what is left out has its default. */
export type ScenarioInput = z.input<typeof schema>

/** A scenario that cannot be run; the message is one line for a person. */
export class InvalidScenario extends Error {}

/** @throws InvalidScenario naming the setting and what it expects */
export function parseScenario(input: unknown): Scenario {
  refuseUnknownActivities(input)
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new InvalidScenario(`${issue?.path.join('.') || 'scenario'}: ${issue?.message}`)
}

/** `private=8,typing=1,reconnect-storm` as the mix of a scenario: name and, where given, weight (or share, for storms and slow readers). */
export function parseMix(text: string): { activity: string }[] {
  return text.split(',').map((entry) => {
    const [activity = '', value] = entry.trim().split('=')
    if (value === undefined) return { activity }
    const name = activity === 'reconnect-storm' || activity === 'slow-reader' ? 'share' : 'weight'
    return { activity, [name]: Number(value) }
  })
}

function refuseUnknownActivities(input: unknown): void {
  const mix = (input as { mix?: unknown } | null)?.mix
  if (!Array.isArray(mix)) return
  for (const entry of mix) {
    const name = String((entry as { activity?: unknown } | null)?.activity)
    if (!(ACTIVITY_NAMES as readonly string[]).includes(name))
      throw new InvalidScenario(`activity ${name}: unknown; there are ${ACTIVITY_NAMES.join(', ')}`)
  }
}
