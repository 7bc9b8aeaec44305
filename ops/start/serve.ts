import { mkdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { loadOrCreateRsaKey, prepareKeyExchange, randomBytes } from '@heliograph/gateway/mtproto'
import { gatewayConfig } from '@heliograph/gateway/rpc'
import pino from 'pino'
import { addressLimits } from './address-limits.ts'
import { announcement } from './announce.ts'
import { type Bound, bindSockets } from './bind.ts'
import { compose, type System } from './compose.ts'
import { type EmbeddedStores, openEmbedded } from './embedded.ts'
import { type Endpoints, writeEndpoints } from './endpoints.ts'
import { OperatorCodes } from './login-codes.ts'
import type { HostPort, StartOptions } from './options.ts'
import { warmUp } from './warm-up/warm-up.ts'

export interface RunningServer {
  readonly endpoints: Endpoints
  /** Resolves when a store has failed and the process should end. */
  readonly failed: Promise<Error>
  /** Takes no more calls, finishes what was begun, closes everything. */
  stop(): Promise<void>
}

/**
 * Unique for each start: answers to calls of an earlier run, which may come again after a crash, must not reach calls of
 * this one that happen to have the same number.
 */
const nodeName = () => `${hostname()}-${randomBytes(6).toString('hex')}`

/** Starts everything in this process; `print` gets the lines for a person. */
export async function serve(
  options: StartOptions,
  print: (line: string) => void = console.log,
): Promise<RunningServer> {
  const { failed, fail } = failure()
  await mkdir(options.data, { recursive: true, mode: 0o700 })
  const stores = await openEmbedded(options.data, fail)
  const log = pino({ level: options.logLevel })
  const codes = new OperatorCodes(print)
  await codes.listen(options.data, (reason) => log.warn({ reason }, 'log-in codes are on the terminal only'))
  const rsaKey = loadOrCreateRsaKey(options.data)
  prepareKeyExchange()
  if (options.warmUp > 0) await warmUp(options.data, rsaKey, options.warmUp * 1000)
  const bound = await bindSockets(options)
  const fixed = options.loginCode === undefined ? {} : { fixedCode: options.loginCode }
  const dataCentre = { id: options.dcId, address: advertised(bound.tcp.host), port: bound.tcp.port }
  const system = await compose(
    { ...stores.ports, nowMs: Date.now, random: randomBytes },
    {
      gateway: gatewayConfig({ node: nodeName(), dataCentre, ...fixed }),
      partitions: options.partitions,
      rsaKey,
      sessionLimits: addressLimits(options).sessions,
      loginCodes: codes,
      log,
      onFatal: fail,
    },
  )
  bound.serve(system.openLink)
  const endpoints = endpointsOf(options, bound, rsaKey.publicPath)
  await writeEndpoints(options.data, endpoints)
  for (const line of announcement(options, endpoints)) print(line)
  return { endpoints, failed, stop: () => stopAll(bound, system, codes, stores) }
}

async function stopAll(
  bound: Bound,
  system: System,
  codes: OperatorCodes,
  stores: EmbeddedStores,
): Promise<void> {
  await bound.close()
  await system.stop()
  codes.close()
  await stores.close()
}

function failure(): { failed: Promise<Error>; fail: (error: unknown) => void } {
  let resolve: (error: Error) => void = () => {}
  const failed = new Promise<Error>((settle) => {
    resolve = settle
  })
  return { failed, fail: (error) => resolve(error instanceof Error ? error : new Error(String(error))) }
}

/** An address that clients can connect to: one that stands for all interfaces is said as loopback. */
function advertised(host: string): string {
  return host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
}

function endpointsOf(options: StartOptions, bound: Bound, rsaPublicKey: string): Endpoints {
  return {
    dcId: options.dcId,
    tcp: hostPort(bound.tcp),
    http: `http://${hostPort(bound.http)}`,
    rsaPublicKey,
  }
}

function hostPort({ host, port }: HostPort): string {
  const name = advertised(host)
  return name.includes(':') ? `[${name}]:${port}` : `${name}:${port}`
}
