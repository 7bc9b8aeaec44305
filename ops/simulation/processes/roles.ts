import { TIGHT_LIMITS } from '@heliograph/actors/simulation'
import type { createSessionEngine, RsaKey } from '@heliograph/gateway/mtproto'
import { gatewayConfig, type Logger } from '@heliograph/gateway/rpc'
import { EmbeddedRegistry } from '@heliograph/schemas/avro'
import { MemoryBlobs, WrappedKeyring } from '@heliograph/storage'
import { type Ports, startActorsRole, startGatewayRole } from '../../start/compose.ts'
import { SimulatedSessions } from '../sessions/sessions.ts'
import { simulatedCache } from '../stores/cache.ts'
import { simulatedKeyStore } from '../stores/keys.ts'
import { SimulatedLog } from '../stores/log.ts'
import { INJECTED, Operations } from '../stores/operations.ts'
import { simulatedTables } from '../stores/tables.ts'
import { someBytes } from '../world/globals.ts'
import type { Life } from '../world/life.ts'
import type { World } from '../world/world.ts'
import type { Slot } from './slot.ts'

export interface Roles {
  readonly gateway: boolean
  readonly actors: boolean
}

/** Every log-in code: letters, so that it cannot stand anywhere by chance. */
export const LOGIN_CODE = 'zqcode'
const DATA_CENTRE = { id: 2, address: '127.0.0.1', port: 443 }
const MASTER_KEY = Buffer.alloc(32, 7)
/** Where it is not for a process to choose: the session engine that would need it is not there. */
const NO_RSA_KEY = {} as RsaKey

/** Starts the production roles of one process on simulated ports. */
export async function startRoles(
  world: World,
  slot: Slot,
  life: Life,
  fatal: (error: unknown) => void,
): Promise<{ running: { stop(): Promise<void> }; sessions: SimulatedSessions | undefined }> {
  const honest = { ...(await portsOf(world, slot, life)), codec: world.codec }
  const { codec, ...ports } = world.defect?.(honest) ?? honest
  const parts: { stop(): Promise<void> }[] = []
  let sessions: SimulatedSessions | undefined
  if (slot.roles.actors) {
    const onSuperseded = () => world.see('owner superseded')
    const role = { node: life.name, limits: TIGHT_LIMITS, onFatal: fatal, onSuperseded }
    const actors = await startActorsRole(ports, codec, role)
    parts.push(actors)
    // As `serve` does on stores that may have lost rows in a crash.
    if (world.plan.model === 'shared') await actors.ready()
  }
  if (slot.roles.gateway) {
    const createEngine: typeof createSessionEngine = (sessionPorts) => {
      sessions = new SimulatedSessions(life, sessionPorts)
      return sessions
    }
    const gateway = gatewayConfig({ node: life.name, dataCentre: DATA_CENTRE, fixedCode: LOGIN_CODE })
    const loginCodes = { show: (phone: string, code: string) => void world.codes.set(phone, code) }
    const role = { gateway, rsaKey: NO_RSA_KEY, createEngine, loginCodes, log: loggerOf(world) }
    parts.unshift(await startGatewayRole(ports, codec, role))
  }
  const stop = async () => {
    for (const part of parts) await part.stop()
  }
  return { running: { stop }, sessions }
}

async function portsOf(world: World, slot: Slot, life: Life): Promise<Ports> {
  const operations = new Operations(slot, life, world.network, world.plan.model)
  const bus = world.exchange.busOf(life)
  const nowMs = () => world.time.clockMs(life)
  const keys = simulatedKeyStore(world.keys, operations)
  return {
    log: new SimulatedLog(world.disk, world.coordinator, operations, life, world.weather),
    tables: simulatedTables(world.disk, operations, world.network, life, world.plan.model),
    cache: simulatedCache(
      () => world.cache,
      operations,
      (key, value) => world.cached.push(Buffer.from(key), value),
    ),
    bus,
    blobs: new MemoryBlobs(),
    keyring: await WrappedKeyring.open(MASTER_KEY, keys, { bus, nowMs }),
    registry: new EmbeddedRegistry(),
    nowMs,
    random: (sizeBytes) => someBytes(world.time, sizeBytes),
  }
}

/** What is logged as an error is a fault of ours, unless a store failed by plan. */
function loggerOf(world: World): Logger {
  const note = (fields: object, message: string) => {
    const line = `${message}: ${JSON.stringify(fields)}`
    if (!line.includes(INJECTED)) world.bugs.push(line)
  }
  return { info() {}, warn() {}, error: note }
}
