import { join } from 'node:path'
import type { GatewayObserver } from '@heliograph/gateway'
import { loadOrCreateRsaKey, prepareKeyExchange } from '@heliograph/gateway/mtproto'
import { createDerivatives, gatewayConfig, SYSTEM_PROGRAMS } from '@heliograph/gateway/rpc'
import type { RecordCodec } from '@heliograph/schemas/avro'
import type { Logger } from 'pino'
import { addressLimits } from './address-limits.ts'
import { advertised, announcement, hostPortText } from './announce.ts'
import { type Bound, bindSockets } from './bind.ts'
import { type Ports, type Running, startGatewayRole } from './compose.ts'
import { ENDPOINTS_FILE, type Endpoints, writeEndpoints } from './endpoints.ts'
import { OperatorCodes } from './login-codes.ts'
import type { GatewayOptions } from './options/options.ts'
import type { HostPort } from './options/types.ts'
import { smtpMailer } from './smtp.ts'
import { warmUp } from './warm-up/warm-up.ts'

/** How often files that nothing refers to are looked for. */
const SWEEP_INTERVAL_MS = 3_600_000

/** What a gateway has before there are stores: its key, its addresses, its terminal. */
export interface Doorstep {
  readonly endpoints: Endpoints
  /** Lines for a person. */
  readonly lines: readonly string[]
  /** Lets clients in. */
  serve(ports: Ports, codec: RecordCodec, telemetry?: GatewayObserver): Promise<Running>
  /** Closes the sockets: nobody comes in any more, and nothing that was sent is read. */
  close(): Promise<void>
  /** Ends what is left, after the gateway has stopped. */
  end(): void
}

export interface DoorstepOptions extends GatewayOptions {
  readonly data: string
}

/** Binds the sockets first, so that the addresses that clients are told are the ones that there really are. */
export async function openDoorstep(
  options: DoorstepOptions,
  node: string,
  log: Logger,
  print: (line: string) => void,
): Promise<Doorstep> {
  const codes = new OperatorCodes(print)
  await codes.listen(options.data, (reason) => log.warn({ reason }, 'log-in codes are on the terminal only'))
  const rsaKey = loadOrCreateRsaKey(options.data)
  prepareKeyExchange()
  if (options.warmUp > 0) await warmUp(rsaKey, options.warmUp * 1000)
  const bound = await bindSockets(options)
  const toldTcp = told(bound.tcp, options)
  const endpoints = endpointsOf(options, bound, rsaKey.publicPath)
  const notice = (line: string) => log.warn({}, line)
  const derivatives = await createDerivatives({ programs: SYSTEM_PROGRAMS, notice })
  const fixed = options.loginCode === undefined ? {} : { fixedCode: options.loginCode }
  const dataCentre = { id: options.dcId, address: toldTcp.host, port: toldTcp.port }
  return {
    endpoints,
    lines: announcement(options, endpoints),
    serve: async (ports, codec, telemetry) => {
      telemetry?.watch('derivations', () => derivatives.depth)
      const gateway = await startGatewayRole(ports, codec, {
        gateway: gatewayConfig({ node, dataCentre, ...fixed, fetchesUrls: options.fetchUrls }),
        rsaKey,
        sessionLimits: addressLimits(options).sessions,
        loginCodes: codes,
        ...(options.smtp === undefined ? {} : { mailer: smtpMailer(options.smtp) }),
        log,
        telemetry,
        derivatives,
        sweepIntervalMs: SWEEP_INTERVAL_MS,
      })
      bound.serve(gateway.openLink, gateway.openFile)
      await writeEndpoints(options.endpoints ?? join(options.data, ENDPOINTS_FILE), endpoints)
      return gateway
    },
    close: () => bound.close(),
    end: () => {
      codes.close()
      derivatives.close()
    },
  }
}

/** Where clients are told to come to. */
function told({ host, port }: HostPort, { advertise }: GatewayOptions): HostPort {
  return { host: advertise ?? advertised(host), port }
}

function endpointsOf(options: GatewayOptions, bound: Bound, rsaPublicKey: string): Endpoints {
  return {
    dcId: options.dcId,
    tcp: hostPortText(told(bound.tcp, options)),
    http: `http://${hostPortText(told(bound.http, options))}`,
    rsaPublicKey,
  }
}
