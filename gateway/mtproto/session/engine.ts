import { randomBytes } from '../crypto/random.ts'
import { SharedExchanges } from '../handshake/shared-exchanges.ts'
import type { AuthKeyId, OpenLink } from '../ports.ts'
import { flushAndReattach, pushUpdates, tellKey } from './attachment.ts'
import { Connection } from './connection.ts'
import type { Context } from './context.ts'
import { DeadlineWheel, TICK_MS } from './deadline-wheel.ts'
import { sessionDeadline } from './deadlines.ts'
import { ExchangeGate } from './exchange-gate.ts'
import { Flusher } from './flusher.ts'
import { KeyTable } from './key-table.ts'
import { DEFAULT_LIMITS, type SessionLimits } from './limits.ts'
import { refreshSessionsOf } from './login.ts'
import { MessageIds } from './message-ids.ts'
import type { SessionPorts } from './ports.ts'
import { PushEncoder } from './push-encoder.ts'
import { SaltSource } from './salts.ts'

/** Everything between the packets of links and the calls of `Dispatch`. */
export interface SessionEngine {
  readonly openLink: OpenLink
  /** Sessions in memory, connected or not. */
  sessionCount(): number
  /** A permanent key has logged in or out by other means than a call of its own: its sessions attach or detach. */
  keyChanged(permanent: AuthKeyId): void
  /** A key no longer exists: its sessions, and those of temporary keys bound to it, end, and their links close. */
  dropKey(id: AuthKeyId): void
  /** Pushes an `Updates` value to every connected session of a permanent key, whether anybody is logged in on it or not. */
  tell(permanent: AuthKeyId, updates: object): void
  /** Stops the clock. Links are closed by whoever opened them. */
  close(): void
}

/** Clock, timer and randomness of the running system. */
export const systemPorts: Pick<SessionPorts, 'now' | 'random' | 'defer' | 'every'> = {
  now: Date.now,
  random: randomBytes,
  defer: (flush) => void setImmediate(flush),
  every: (intervalMs, tick) => {
    const timer = setInterval(tick, intervalMs).unref()
    return () => clearInterval(timer)
  },
}

/** Builds an engine. `limits` replaces some of `DEFAULT_LIMITS`. */
export function createSessionEngine(ports: SessionPorts, limits: Partial<SessionLimits> = {}): SessionEngine {
  const ctx = createContext(ports, { ...DEFAULT_LIMITS, ...limits })
  ctx.keys.bindTo(ctx)
  ports.telemetry?.watch('sessions', () => ctx.keys.sessionCount)
  ports.telemetry?.watch('stalledSessions', () => ctx.keys.stalledCount())
  const stop = ports.every(TICK_MS, () => ctx.wheel.advance(ports.now()))
  return {
    openLink: (link) => new Connection(ctx, link),
    sessionCount: () => ctx.keys.sessionCount,
    keyChanged: (permanent) => refreshSessionsOf(ctx, permanent),
    dropKey: (id) => dropKey(ctx, id),
    tell: (permanent, updates) => tellKey(ctx, permanent, updates),
    close: stop,
  }
}

function createContext(ports: SessionPorts, limits: SessionLimits): Context {
  const { rsaKey, random } = ports
  const ctx: Context = {
    ports,
    limits,
    host: {
      receivedIdsLimit: limits.receivedIds,
      push: (session, updates) => pushUpdates(ctx, session, updates),
      sessionDeadline: (session, nowMs) => sessionDeadline(ctx, session, nowMs),
    },
    wheel: new DeadlineWheel(ports.now()),
    flusher: new Flusher(ports.defer, (session) => flushAndReattach(ctx, session)),
    ids: new MessageIds(),
    keys: new KeyTable(),
    salts: new SaltSource(ports.saltSecret),
    pushes: new PushEncoder(),
    exchanges: new ExchangeGate(limits),
    httpExchanges: new SharedExchanges({ rsaKey, random }),
  }
  return ctx
}

function dropKey(ctx: Context, id: AuthKeyId): void {
  for (const state of ctx.keys.statesOf(id)) {
    const links = new Set(state.sessions.flatMap((session) => session.links))
    ctx.keys.removeKey(state)
    for (const link of links) link.sendTransportError(-404)
  }
}
