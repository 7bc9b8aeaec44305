import { hostname, userInfo } from 'node:os'
import type { AuditEntry, RecordCodec } from '@heliograph/schemas/avro'
import type { Log } from '@heliograph/topics'

/** Longer texts are a mistake, and would stay for ever. */
const MAX_TEXT_LENGTH = 1_000

/** An audited step that cannot be written down is not done. The message is one line. */
export class NotAudited extends Error {}

/** What an audit entry needs of the stores. */
export interface Auditing {
  readonly log: Log
  readonly codec: RecordCodec
  /** Milliseconds since 1970. */
  readonly nowMs: () => number
}

/**
 * Writes down who is about to do what, and why. Resolves when that is durable: only then may it be done.
 * @throws NotAudited for texts that are too long; LogUnavailable
 */
export async function audit(
  { log, codec, nowMs }: Auditing,
  what: string,
  reason: string,
  who: string = operator(),
): Promise<void> {
  if (what.length > MAX_TEXT_LENGTH || reason.length > MAX_TEXT_LENGTH)
    throw new NotAudited(`a reason has at most ${MAX_TEXT_LENGTH} characters`)
  const entry: AuditEntry = { type: 'AuditEntry', who, what, reason }
  const value = codec.encode({ cause: null, epoch: 0, reply: null }, entry)
  await log.append('audit', 0, [{ key: who, value, timestampMs: nowMs() }])
  await log.barrier()
}

/** The account of the operating system that runs this. */
export function operator(): string {
  return `${userInfo().username}@${hostname()}`
}
