import type { Endpoints } from './endpoints.ts'
import type { GatewayOptions } from './options/options.ts'
import type { HostPort } from './options/types.ts'

/** Last line of every start: whoever waits for the process may go on. */
export const READY = 'ready; Ctrl-C drains and ends'

/** What a person who starts a gateway needs to know, line by line. */
export function announcement(options: GatewayOptions, endpoints: Endpoints): string[] {
  const code =
    options.loginCode === undefined
      ? 'log-in codes are shown here'
      : 'FIXED log-in code, no flood limits: for development only'
  const origins =
    options.origins.length === 0 ? 'any web page may connect (see --origins)' : options.origins.join(', ')
  return [
    `  TCP             ${endpoints.tcp}`,
    `  WebSocket, HTTP ${endpoints.http}  (${origins})`,
    `  data centre id  ${endpoints.dcId}`,
    `  RSA public key  ${endpoints.rsaPublicKey}`,
    `  log-in          ${code}`,
  ]
}

/** An address that clients can connect to: one that stands for all interfaces is said as loopback. */
export function advertised(host: string): string {
  return host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
}

/** As clients are told: `host:port`. */
export function hostPortText({ host, port }: HostPort): string {
  const name = advertised(host)
  return name.includes(':') ? `[${name}]:${port}` : `${name}:${port}`
}
