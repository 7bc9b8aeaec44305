import type { Founded } from './fill-channel.ts'
import type { LatencySummary } from './latency.ts'

/** What the load process is told, as one JSON argument. */
export type Workload =
  | {
      readonly kind: 'paced'
      readonly pairs: number
      readonly messagesPerSecond: number
      readonly seconds: number
    }
  | {
      readonly kind: 'in-flight'
      readonly pairs: number
      readonly inFlight: number
      readonly seconds: number
    }
  | { readonly kind: 'ping-pong'; readonly pairs: number; readonly seconds: number }
  | {
      readonly kind: 'group'
      readonly chat: 'basic' | 'supergroup' | 'broadcast'
      /** All of them connected; one of them sends. */
      readonly members: number
      readonly warmUpMessages: number
      /** In each of the rounds; the next begins when everybody has all of them. */
      readonly messages: number
      readonly rounds: number
      readonly inFlight: number
      /** Members besides who never connect; the others come by the channel's name. */
      readonly silentMembers?: number
    }
  | {
      /** Makes the channel that silent members are added to before a `group` workload runs. */
      readonly kind: 'found'
      readonly chat: 'supergroup' | 'broadcast'
    }
  | {
      readonly kind: 'idle'
      /** Logged in first and not counted: code, caches and the young generation are there afterwards. */
      readonly warmUpConnections: number
      readonly connections: number
      /** Before each reading of memory: for what is still on its way to the disk. */
      readonly settleSeconds: number
    }

export const TEXT_BYTES = 64
/** Full load before the measured time, not counted: until caches and compilers are warm. */
export const WARM_UP_SECONDS = 5

/** What the load process measured; one JSON line on its standard output. */
export interface LoadResult {
  /** Messages acknowledged in the measured time. */
  readonly messages: number
  /** Of messages to the members of a group. */
  readonly deliveries?: number
  /** What a `found` workload has made. */
  readonly founded?: Founded
  readonly seconds: number
  readonly acknowledged: LatencySummary | undefined
  readonly delivered: LatencySummary | undefined
  /** Of the load process, in the measured time. */
  readonly cpuSeconds: number
  /** Messages sent over the whole run, warm-up included, and how many the histories hold. */
  readonly sentInAll: number
  readonly foundInHistory: number
  /** Key exchanges and sign-ins (idle workload). */
  readonly keyExchangesPerSecond: number | undefined
  readonly signInsPerSecond: number | undefined
}

/** Marks on the load process's standard output that the bench reads resource usage at. */
export type LoadMark = 'connected' | 'measuring' | 'measured'
export interface LoadLine {
  readonly mark?: LoadMark
  readonly result?: LoadResult
}

const ROUNDS = { messages: 200, rounds: 10, inFlight: 10 } as const
const SHORT_ROUNDS = { messages: 50, rounds: 1, inFlight: 10 } as const

const CHANNEL = {
  kind: 'group',
  chat: 'broadcast',
  warmUpMessages: 200,
  messages: 100,
  rounds: 5,
  inFlight: 10,
} as const

export const WORKLOADS: Readonly<
  Record<string, { readonly title: string; readonly full: Workload; readonly short: Workload }>
> = {
  W0: {
    title: '20 pairs, 20 messages/s in all: latency without queueing',
    full: { kind: 'paced', pairs: 20, messagesPerSecond: 20, seconds: 20 },
    short: { kind: 'paced', pairs: 20, messagesPerSecond: 20, seconds: 3 },
  },
  W1: {
    title: '20 pairs, one message in flight each until the peer has it',
    full: { kind: 'ping-pong', pairs: 20, seconds: 15 },
    short: { kind: 'ping-pong', pairs: 20, seconds: 3 },
  },
  W2: {
    title: '20 pairs, up to 50 messages in flight each',
    full: { kind: 'in-flight', pairs: 20, inFlight: 50, seconds: 15 },
    short: { kind: 'in-flight', pairs: 20, inFlight: 50, seconds: 3 },
  },
  W3: {
    title: 'a supergroup of 100 connected members, one of whom sends, 10 messages in flight',
    full: { kind: 'group', chat: 'supergroup', members: 100, warmUpMessages: 1000, ...ROUNDS },
    short: { kind: 'group', chat: 'supergroup', members: 20, warmUpMessages: 50, ...SHORT_ROUNDS },
  },
  W3b: {
    title: 'the same in a basic group, where everybody has a mailbox',
    full: { kind: 'group', chat: 'basic', members: 100, warmUpMessages: 400, ...ROUNDS },
    short: { kind: 'group', chat: 'basic', members: 20, warmUpMessages: 50, ...SHORT_ROUNDS },
  },
  W4: {
    title: '2,000 idle logged-in connections: memory, key exchanges and sign-ins per second',
    full: { kind: 'idle', warmUpConnections: 200, connections: 2000, settleSeconds: 5 },
    short: { kind: 'idle', warmUpConnections: 20, connections: 100, settleSeconds: 1 },
  },
  W5: {
    title: 'a broadcast channel of 100,000 members, 500 of them connected',
    full: { ...CHANNEL, members: 500, silentMembers: 99_500 },
    short: { ...CHANNEL, members: 20, silentMembers: 2_000, warmUpMessages: 20 },
  },
  W5k: {
    title: 'the same with 1,000 members, 500 of them connected: a post should cost as much',
    full: { ...CHANNEL, members: 500, silentMembers: 500 },
    short: { ...CHANNEL, members: 20, silentMembers: 200, warmUpMessages: 20 },
  },
}
