import type { MailboxUpdate } from '@heliograph/schemas/avro'
import type { GatewayObserver } from '../observer.ts'

/** What to call when the sessions have the update that the bus has just brought; undefined where nobody measures. */
export function whenPushed(
  telemetry: GatewayObserver | undefined,
  { causedMs, trace }: Pick<MailboxUpdate, 'causedMs' | 'trace'>,
): (() => void) | undefined {
  if (telemetry === undefined) return undefined
  const begunMs = telemetry.clock()
  const span = trace ? telemetry.tracer?.follow(trace, 'push') : undefined
  return () => {
    telemetry.pushed(telemetry.clock() - begunMs, causedMs ?? 0)
    // Sessions write at the end of the turn, which was asked for by their push: this comes behind it.
    if (span !== undefined) setImmediate(() => span.end())
  }
}
