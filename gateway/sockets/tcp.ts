/** The TCP sockets of MTProto: the one file that listens with node:net. */
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import type { OpenLink } from '../mtproto/ports.ts'
import { plainAddress } from './address.ts'
import { AddressCounts } from './address-counts.ts'
import { HeldBytes } from './held-bytes.ts'
import { DEFAULT_SOCKET_LIMITS, type ListenAddress, type SocketLimits } from './limits.ts'
import { TcpLink } from './tcp-link.ts'

/** Finds connections whose peer vanished without a word. */
const KEEP_ALIVE_MS = 60_000
/** Connections that the kernel holds until they are accepted: clients come back all at once after a restart. */
const BACKLOG = 1024

export interface TcpListener {
  readonly address: ListenAddress
  /** Connections at this moment. */
  connectionCount(): number
  /** Stops listening and ends all connections, what was sent to them first. */
  close(): Promise<void>
}

/** The link stands on its socket, so that the event handlers are the same functions for all connections. */
interface LinkedSocket extends Socket {
  link?: TcpLink
}

/**
 * Listens for MTProto over TCP, in all transports on one port. `openLink` is called for each connection. Rejects
 * when the address cannot be had.
 */
export async function listenTcp(
  address: ListenAddress,
  openLink: OpenLink,
  limits: Partial<SocketLimits> = {},
): Promise<TcpListener> {
  const all = { ...DEFAULT_SOCKET_LIMITS, ...limits }
  const sockets = new Set<LinkedSocket>()
  const counts = new AddressCounts(all.maxConnectionsPerAddress)
  const held = new HeldBytes(all.maxHeldBytesPerAddress)
  const server = createServer(
    { noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS },
    (socket: LinkedSocket) => {
      if (counts.isFull(plainAddress(socket.remoteAddress))) return void socket.destroy()
      socket.link = new TcpLink(socket, openLink, all, held)
      counts.add(socket.link.remoteAddress)
      sockets.add(socket)
      attach(socket, all)
      socket.on('close', forget)
    },
  )
  function forget(this: LinkedSocket): void {
    sockets.delete(this)
    if (this.link !== undefined) counts.leave(this.link.remoteAddress)
  }
  server.maxConnections = all.maxConnections
  const port = await listening(server, address)
  return {
    address: { host: address.host, port },
    connectionCount: () => sockets.size,
    close: () => closeAll(server, [...sockets], all.closingMs),
  }
}

function attach(socket: LinkedSocket, limits: SocketLimits): void {
  socket.setTimeout(limits.openingMs)
  socket.on('data', onData)
  socket.on('timeout', onTimeout)
  socket.on('error', onError)
  socket.on('close', onClose)
}

function onData(this: LinkedSocket, chunk: Buffer): void {
  this.link?.received(chunk)
}

function onTimeout(this: LinkedSocket): void {
  this.link?.destroy()
}

/** A reset by the peer is everyday; `close` follows. */
function onError(): void {}

function onClose(this: LinkedSocket): void {
  this.link?.closed()
}

function listening(server: Server, { host, port }: ListenAddress): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, backlog: BACKLOG }, () => {
      server.off('error', reject)
      const bound = server.address()
      resolve(typeof bound === 'object' && bound !== null ? bound.port : port)
    })
  })
}

async function closeAll(server: Server, sockets: readonly LinkedSocket[], closingMs: number): Promise<void> {
  const deadline = setTimeout(() => {
    for (const socket of sockets) socket.link?.destroy()
  }, closingMs)
  const closing = [server, ...sockets].map((each) => once(each, 'close'))
  server.close()
  for (const socket of sockets) socket.link?.close()
  await Promise.all(closing)
  clearTimeout(deadline)
}
