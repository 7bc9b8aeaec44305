import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Metrics } from './metrics.ts'
import type { Readiness } from './readiness/readiness.ts'

export interface HostPort {
  readonly host: string
  readonly port: number
}
export interface ObservingServer {
  /** With the port that was picked, where 0 was asked for. */
  readonly address: HostPort
  close(): Promise<void>
}

/** A turn of the event loop that took this long since the last look is not healthy. */
export const STUCK_MS = 10_000
const LOOP_RESOLUTION_MS = 100
const NANOSECONDS = 1e6

/**
 * Serves `/metrics` (Prometheus), `/healthz` (200 while the process works at all) and `/readyz` (200 while it can do its
 * work, otherwise 503), the latter two with JSON. Rejects when the address cannot be had.
 */
export async function serveObservations(
  { host, port }: HostPort,
  metrics: Metrics,
  readiness: Readiness,
): Promise<ObservingServer> {
  const delay = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS })
  delay.enable()
  const routes: Record<string, (response: ServerResponse) => Promise<void>> = {
    '/metrics': async (response) => {
      const text = await metrics.registry.metrics()
      response.writeHead(200, { 'content-type': metrics.registry.contentType }).end(text)
    },
    '/healthz': async (response) => {
      const longestMs = delay.max / NANOSECONDS
      delay.reset()
      answer(response, longestMs < STUCK_MS ? [] : [{ what: 'event loop', why: `stood ${longestMs} ms` }])
    },
    '/readyz': async (response) => answer(response, await readiness.reasons()),
  }
  const server = createServer((request, response) => {
    const route = request.method === 'GET' ? routes[request.url ?? ''] : undefined
    if (route === undefined) response.writeHead(404).end()
    else route(response).catch(() => response.destroy())
  })
  server.listen({ host, port })
  await once(server, 'listening')
  return {
    address: { host, port: (server.address() as AddressInfo).port },
    close: async () => {
      delay.disable()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function answer(response: ServerResponse, reasons: readonly object[]): void {
  const ok = reasons.length === 0
  response.writeHead(ok ? 200 : 503, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ ok, reasons }))
}
