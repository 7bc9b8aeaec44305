import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { listenTcp, loadOrCreateRsaKey, prepareKeyExchange, randomBytes } from '@heliograph/gateway/mtproto'
import { gatewayConfig } from '@heliograph/gateway/rpc'
import { EmbeddedRegistry } from '@heliograph/schemas/avro'
import { MemoryBlobs, MemoryBus, MemoryStateCache, MemoryTables, memoryKeyring } from '@heliograph/storage'
import { MemoryLog } from '@heliograph/topics'
import { LOGIN_CODE } from '../e2e/server.ts'
import { compose, type Ports } from '../start/compose.ts'
import type { Endpoints } from '../start/endpoints.ts'
import { type Observing, startObserving } from './index.ts'
import { createLogger } from './logger.ts'
import type { TraceOptions } from './trace/tracing.ts'

const LOOPBACK = { host: '127.0.0.1', port: 0 }

/** A whole server in this process, on memory, observed. */
export interface ObservedServer {
  readonly endpoints: Endpoints
  readonly observing: Observing
  /** What it has logged, line by line. */
  readonly logged: readonly string[]
  close(): Promise<void>
}

/** Stores on memory; what expires in them goes by the clock that is given. */
export function memoryPorts(nowMs: () => number = Date.now): Ports {
  return {
    log: new MemoryLog(),
    tables: new MemoryTables(),
    cache: new MemoryStateCache(nowMs),
    bus: new MemoryBus(),
    blobs: new MemoryBlobs(nowMs),
    keyring: memoryKeyring(),
    registry: new EmbeddedRegistry(),
    nowMs,
    random: randomBytes,
  }
}

export async function startObservedServer(trace?: TraceOptions): Promise<ObservedServer> {
  const directory = await mkdtemp(join(tmpdir(), 'heliograph-observed-'))
  const logged: string[] = []
  const to = { write: (line: string) => void logged.push(line) }
  const log = createLogger({ level: 'debug', role: 'test', node: 'observed', to })
  const observing = await startObserving({
    ports: memoryPorts(),
    log,
    metrics: LOOPBACK,
    trace,
    sockets: true,
  })
  const rsaKey = loadOrCreateRsaKey(directory)
  prepareKeyExchange()
  const dataCentre = { id: 2, address: LOOPBACK.host, port: 0 }
  const system = await compose(observing.ports, {
    gateway: gatewayConfig({ node: 'observed', dataCentre, fixedCode: LOGIN_CODE }),
    partitions: 1,
    rsaKey,
    loginCodes: { show() {} },
    log,
    telemetry: observing.gateway,
    observer: observing.actors,
    tracer: observing.tracer,
    onFatal: (error) => logged.push(String(error)),
  })
  const tcp = await listenTcp(LOOPBACK, system.openLink)
  observing.ready('sockets')
  const address = `${tcp.address.host}:${tcp.address.port}`
  return {
    endpoints: { dcId: 2, tcp: address, http: '', rsaPublicKey: rsaKey.publicPath },
    observing,
    logged,
    close: async () => {
      await tcp.close()
      await system.stop()
      await observing.close()
      await rm(directory, { recursive: true })
    },
  }
}
