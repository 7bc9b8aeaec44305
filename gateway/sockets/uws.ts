/** WebSocket and HTTP: the one file that knows uWebSockets.js. */

import type * as Uws from 'uWebSockets.js'
import { createRequire } from 'node:module'
import type { OpenLink } from '../mtproto/ports.ts'
import { addressOfBytes } from './address.ts'
import { AddressCounts } from './address-counts.ts'
import { type OriginPolicy, originPolicy } from './cors.ts'
import { HeldBytes } from './held-bytes.ts'
import { HttpLink } from './http-link.ts'
import { DEFAULT_SOCKET_LIMITS, type ListenAddress, type SocketLimits } from './limits.ts'
import { clientAddress } from './proxies.ts'
import { WebSocketLink } from './web-socket-link.ts'

export type HttpApp = Uws.TemplatedApp

const WEBSOCKET_PATHS = ['/apiws', '/apiws_test', '/apiws_premium']
const HTTP_PATHS = ['/api', '/apiw', '/apiw1', '/api_test', '/apiw_test', '/apiw1_test']
const SUB_PROTOCOL = 'binary'
/** The library pings by itself; a peer that does not answer within this is gone. */
const WEBSOCKET_IDLE_S = 120

export interface HttpOptions {
  readonly limits?: Partial<SocketLimits>
  /** Origins of web pages that may connect; all may unless given. */
  readonly allowedOrigins?: readonly string[]
  /** Addresses of proxies whose `X-Forwarded-For` is believed; none unless given. */
  readonly trustedProxies?: readonly string[]
  /** Answers `/healthz`: 200 while true, else 503. */
  readonly healthy?: () => boolean
  /** Adds further routes, before those of MTProto. */
  readonly routes?: (app: HttpApp) => void
}

export interface HttpListener {
  readonly address: ListenAddress
  /** True when pages of any origin may connect, which is for development. */
  readonly openToAllOrigins: boolean
  /** WebSockets and waiting requests at this moment. */
  connectionCount(): number
  close(): Promise<void>
}

/** What the routes of one listener share. */
interface Context {
  readonly openLink: OpenLink
  readonly limits: SocketLimits
  readonly origins: OriginPolicy
  readonly proxies: ReadonlySet<string>
  readonly counts: AddressCounts
  readonly held: HeldBytes
  readonly sockets: Set<WebSocketLink>
  readonly requests: Set<HttpLink>
}

interface SocketData {
  readonly remoteAddress: string
  link?: WebSocketLink
}

/**
 * Listens for MTProto over WebSocket and HTTP. `openLink` is called for each WebSocket and each HTTP request. Rejects with one
 * line when the library's binary cannot be loaded or the address cannot be had.
 */
export async function listenHttp(
  address: ListenAddress,
  openLink: OpenLink,
  options: HttpOptions = {},
): Promise<HttpListener> {
  const uws = loadUws()
  const app = uws.App()
  const limits = { ...DEFAULT_SOCKET_LIMITS, ...options.limits }
  const context: Context = {
    openLink,
    limits,
    counts: new AddressCounts(limits.maxConnectionsPerAddress),
    held: new HeldBytes(limits.maxHeldBytesPerAddress),
    origins: originPolicy(options.allowedOrigins),
    proxies: new Set(options.trustedProxies),
    sockets: new Set(),
    requests: new Set(),
  }
  options.routes?.(app)
  addHealth(app, options.healthy ?? (() => true))
  for (const path of WEBSOCKET_PATHS) app.ws<SocketData>(path, webSocketBehavior(context))
  for (const path of HTTP_PATHS) addPacketRoute(app, path, context)
  app.any('/*', (res) => {
    res.writeStatus('404 Not Found').end()
  })
  const socket = await listening(app, address)
  return {
    address: { host: address.host, port: uws.us_socket_local_port(socket) },
    openToAllOrigins: context.origins.open,
    connectionCount: () => context.sockets.size + context.requests.size,
    close: () => closeAll(app, context),
  }
}

/** Loads the native library; `load` is for tests. */
export function loadUws(load: (name: string) => unknown = createRequire(import.meta.url)): typeof Uws {
  try {
    return load('uWebSockets.js') as typeof Uws
  } catch (error) {
    const { platform, arch, version } = process
    throw new Error(
      `uWebSockets.js does not load on ${platform} ${arch}, Node ${version}: it needs Node 20 with glibc 2.27 or later, ` +
        'or Node 22 to 25 with glibc 2.38 or later (or macOS, Windows)',
      { cause: error },
    )
  }
}

function addHealth(app: HttpApp, healthy: () => boolean): void {
  app.get('/healthz', (res) => {
    const ok = healthy()
    res.writeStatus(ok ? '200 OK' : '503 Service Unavailable').end(ok ? 'ok' : 'unavailable')
  })
}

function webSocketBehavior(context: Context): Uws.WebSocketBehavior<SocketData> {
  const { limits, sockets, openLink, counts, held } = context
  return {
    maxPayloadLength: limits.maxBodyBytes,
    // The link closes a slow reader itself: the library would drop a message, which breaks the stream's cipher.
    maxBackpressure: 0,
    idleTimeout: WEBSOCKET_IDLE_S,
    sendPingsAutomatically: true,
    upgrade: (res, req, socketContext) => upgrade(res, req, socketContext, context),
    open: (ws) => {
      const data = ws.getUserData()
      data.link = new WebSocketLink(ws, data.remoteAddress, limits, held)
      sockets.add(data.link)
      counts.add(data.remoteAddress)
      data.link.begin(openLink)
    },
    message: (ws, message) => ws.getUserData().link?.received(message),
    drain: (ws) => ws.getUserData().link?.drained(),
    close: (ws) => {
      const { link } = ws.getUserData()
      if (link === undefined) return
      sockets.delete(link)
      counts.leave(link.remoteAddress)
      link.closed()
    },
  }
}

function upgrade(
  res: Uws.HttpResponse,
  req: Uws.HttpRequest,
  socketContext: Uws.us_socket_context_t,
  context: Context,
): void {
  const remoteAddress = addressOf(res, req, context)
  if (!context.origins.allows(req.getHeader('origin'))) {
    res.writeStatus('403 Forbidden').end()
  } else if (isFull(context, remoteAddress)) {
    res.writeStatus('503 Service Unavailable').end()
  } else {
    const offered = req.getHeader('sec-websocket-protocol').split(',')
    const agreed = offered.some((name) => name.trim() === SUB_PROTOCOL) ? SUB_PROTOCOL : ''
    const data: SocketData = { remoteAddress }
    const key = req.getHeader('sec-websocket-key')
    res.upgrade(data, key, agreed, req.getHeader('sec-websocket-extensions'), socketContext)
  }
}

function addressOf(res: Uws.HttpResponse, req: Uws.HttpRequest, { proxies }: Context): string {
  return clientAddress(addressOfBytes(res.getRemoteAddress()), req.getHeader('x-forwarded-for'), proxies)
}

function isFull({ sockets, requests, limits, counts }: Context, address: string): boolean {
  return sockets.size + requests.size >= limits.maxConnections || counts.isFull(address)
}

function addPacketRoute(app: HttpApp, path: string, context: Context): void {
  app.options(path, (res, req) => {
    res.writeStatus('204 No Content')
    writeHeaders(res, context.origins.headers(req.getHeader('origin')))
    res.endWithoutBody()
  })
  app.post(path, (res, req) => {
    const origin = req.getHeader('origin')
    const address = addressOf(res, req, context)
    if (!context.origins.allows(origin)) res.writeStatus('403 Forbidden').end(undefined, true)
    else if (isFull(context, address)) refuseFull(res, context.origins.headers(origin))
    else receiveBody(res, context, origin, address)
  })
}

/** A page may read that there is no room, so that it can tell that from a network that fails. */
function refuseFull(res: Uws.HttpResponse, headers: ReadonlyMap<string, string>): void {
  res.writeStatus('503 Service Unavailable')
  writeHeaders(res, headers)
  res.end(undefined, true)
}

function writeHeaders(res: Uws.HttpResponse, headers: ReadonlyMap<string, string>): void {
  for (const [key, value] of headers) res.writeHeader(key, value)
}

/** Reads the body, which is one packet, and opens a link whose answer is the response. */
function receiveBody(res: Uws.HttpResponse, context: Context, origin: string, address: string): void {
  const { openLink, limits, origins, requests, counts } = context
  const share = context.held.share(address)
  const forget = (closed: HttpLink) => {
    if (requests.delete(closed)) counts.leave(address)
    share.set(0)
  }
  const link = new HttpLink(res, address, origins.headers(origin), forget)
  requests.add(link)
  counts.add(address)
  const parts: Buffer[] = []
  let size = 0
  res.onAborted(() => link.aborted())
  res.onData((chunk, isLast) => {
    size += chunk.byteLength
    if (size > limits.maxBodyBytes || !share.set(isLast ? 0 : size)) {
      forget(link)
      // Closing runs the abort handler.
      res.close()
      return
    }
    parts.push(Buffer.from(new Uint8Array(chunk)))
    if (isLast) link.begin(openLink(link), Buffer.concat(parts), limits.httpWaitMs)
  })
}

function listening(app: HttpApp, { host, port }: ListenAddress): Promise<Uws.us_listen_socket> {
  return new Promise((resolve, reject) => {
    const done = (socket: Uws.us_listen_socket | false) => {
      if (socket === false) reject(new Error(`cannot listen on ${host}:${port}: is the port in use?`))
      else resolve(socket)
    }
    listenExclusively(app, host, port, done)
  })
}

/** Without the option two processes would share the port unnoticed. The library takes a host with it, its types do not say so. */
function listenExclusively(
  app: HttpApp,
  host: string,
  port: number,
  done: (socket: Uws.us_listen_socket | false) => void,
): void {
  const EXCLUSIVE_PORT = 1
  const listen = app.listen as unknown as (
    this: HttpApp,
    host: string,
    port: number,
    options: number,
    done: (socket: Uws.us_listen_socket | false) => void,
  ) => void
  listen.call(app, host, port, EXCLUSIVE_PORT, done)
}

async function closeAll(app: HttpApp, { sockets, requests }: Context): Promise<void> {
  for (const request of requests) request.close()
  for (const socket of sockets) socket.close()
  // The answers above leave with the end of this turn.
  await new Promise((resolve) => setImmediate(resolve))
  app.close()
}
