import type { TokenBucket } from '@heliograph/storage'

/** Bounds of the session engine. Every queue, memory and wait inside it is one of these. */
export interface SessionLimits {
  /** Messages in one container (the protocol's own limit). */
  readonly containerMessages: number
  /** Bytes that the `gzip_packed` parts of one packet may expand to, together. */
  readonly unpackedBytes: number
  /** Received message ids that a session remembers. */
  readonly receivedIds: number
  readonly sessionsPerKey: number
  readonly sessions: number
  /** Answers that a session keeps until they are acknowledged, and their bytes. */
  readonly keptAnswers: number
  readonly keptAnswerBytes: number
  /** Pushes that a session keeps until they are acknowledged, and their bytes. */
  readonly keptPushes: number
  readonly keptPushBytes: number
  /** Calls of one session that run at the same time; more get FLOOD_WAIT. */
  readonly runningCalls: number
  /** Messages and bytes that wait for a slow reader; a push beyond them is dropped and the session detached. */
  readonly outboxMessages: number
  readonly outboxBytes: number
  /** Bytes of answers that wait for a slow reader; beyond them the link is closed. */
  readonly outboxHardBytes: number
  /** Bytes in the socket above which nothing more is written to a link. */
  readonly linkBufferedBytes: number
  /** Packets and bytes that wait while a link looks its key up or finishes an exchange. */
  readonly waitingPackets: number
  readonly waitingBytes: number
  /** How long a session outlives its last connection. */
  readonly sessionLingerMs: number
  /** How long an http session stays attached without a waiting request. */
  readonly httpGapMs: number
  /** A call that runs longer is acknowledged on its own; a shorter one by its answer. */
  readonly ackDelayMs: number
  /** How long `invokeAfterMsg` waits for a message that has not arrived, and for one that runs. */
  readonly unknownDependencyMs: number
  readonly dependencyMs: number
  /** Key exchanges under way: together, per address, and how long one may take. */
  readonly openExchanges: number
  readonly openExchangesPerAddress: number
  readonly exchangeMs: number
  /** Key exchanges that one address may begin (over http each message of one counts). */
  readonly exchangesPerAddress: TokenBucket
  /** Answers from here on are compressed, when that saves something. */
  readonly gzipFromBytes: number
}

const KIB = 1024
const MIB = 1024 * KIB

export const DEFAULT_LIMITS: SessionLimits = {
  containerMessages: 1020,
  unpackedBytes: 8 * MIB,
  receivedIds: 2048,
  sessionsPerKey: 32,
  sessions: 200_000,
  keptAnswers: 1024,
  keptAnswerBytes: MIB,
  keptPushes: 128,
  keptPushBytes: 128 * KIB,
  runningCalls: 1024,
  outboxMessages: 2048,
  outboxBytes: 2 * MIB,
  outboxHardBytes: 16 * MIB,
  linkBufferedBytes: MIB,
  waitingPackets: 64,
  waitingBytes: 2 * MIB,
  sessionLingerMs: 5 * 60_000,
  httpGapMs: 30_000,
  ackDelayMs: 500,
  unknownDependencyMs: 1_000,
  dependencyMs: 30_000,
  openExchanges: 2_000,
  openExchangesPerAddress: 200,
  exchangeMs: 30_000,
  exchangesPerAddress: { capacity: 1_000, refillPerSecond: 1 },
  gzipFromBytes: 4 * KIB,
}

/** What a developer's own server allows one address: tests and load generators come from a single one. */
export const GENEROUS_EXCHANGE_LIMITS: Partial<SessionLimits> = {
  openExchangesPerAddress: DEFAULT_LIMITS.openExchanges,
  exchangesPerAddress: { capacity: 1_000_000, refillPerSecond: 1_000_000 },
}
