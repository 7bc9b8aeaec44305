import type { Endpoints } from './endpoints.ts'
import type { StartOptions } from './options.ts'

/** What a person who starts the server needs to know, line by line. */
export function announcement(options: StartOptions, endpoints: Endpoints): string[] {
  const code =
    options.loginCode === undefined
      ? 'log-in codes are shown here'
      : 'FIXED log-in code, no flood limits: for development only'
  const origins =
    options.origins.length === 0 ? 'any web page may connect (see --origins)' : options.origins.join(', ')
  return [
    'Heliograph',
    `  TCP             ${endpoints.tcp}`,
    `  WebSocket, HTTP ${endpoints.http}  (${origins})`,
    `  data centre id  ${endpoints.dcId}`,
    `  RSA public key  ${endpoints.rsaPublicKey}`,
    `  data            ${options.data}`,
    `  log-in          ${code}`,
    'ready; Ctrl-C drains and ends',
  ]
}
