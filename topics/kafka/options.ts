import { APPEND_TIMEOUT_MS, SESSION_TIMEOUT_MS } from './limits.ts'
import type { Compression } from './wire/compression.ts'

export interface KafkaSettings {
  /** `host:port` of one or more brokers; the others are found. */
  readonly brokers: readonly string[]
  /** Stands before the names of topics and groups, so that several systems share a broker. */
  readonly prefix?: string
  readonly clientId?: string
  readonly adapter?: 'platformatic' | 'kafkajs'
  readonly compression?: Compression
  /** Copies of each partition of topics that are created; as many as there are brokers, up to three, by default. */
  readonly replicas?: number
  readonly appendTimeoutMs?: number
  /** After how long of silence the broker gives a member's partitions to others. */
  readonly sessionTimeoutMs?: number
  /** Where a broker is to be reached that calls itself so (`host:port`), as behind a forwarded port; there, by default. */
  readonly reach?: (broker: string) => string
  /** Gets what an operator should know, in one line. */
  readonly warn?: (message: string) => void
}
export type KafkaOptions = Required<Omit<KafkaSettings, 'replicas'>> & Pick<KafkaSettings, 'replicas'>

export function withDefaults(settings: KafkaSettings): KafkaOptions {
  return {
    prefix: '',
    clientId: 'heliograph',
    adapter: 'platformatic',
    compression: 'none',
    appendTimeoutMs: APPEND_TIMEOUT_MS,
    sessionTimeoutMs: SESSION_TIMEOUT_MS,
    reach: (broker) => broker,
    warn: () => undefined,
    ...settings,
  }
}
