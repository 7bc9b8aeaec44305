import type { SharedExchanges } from '../handshake/shared-exchanges.ts'
import type { DeadlineWheel } from './deadline-wheel.ts'
import type { ExchangeGate } from './exchange-gate.ts'
import type { Flusher } from './flusher.ts'
import type { KeyTable } from './key-table.ts'
import type { SessionLimits } from './limits.ts'
import type { MessageIds } from './message-ids.ts'
import type { SessionPorts } from './ports.ts'
import type { PushEncoder } from './push-encoder.ts'
import type { SaltSource } from './salts.ts'
import type { SessionHost } from './session.ts'

/** What all links and sessions of one engine share. */
export interface Context {
  readonly ports: SessionPorts
  readonly limits: SessionLimits
  readonly host: SessionHost
  readonly wheel: DeadlineWheel
  readonly flusher: Flusher
  readonly ids: MessageIds
  readonly keys: KeyTable
  readonly salts: SaltSource
  readonly pushes: PushEncoder
  readonly exchanges: ExchangeGate
  readonly httpExchanges: SharedExchanges
}
