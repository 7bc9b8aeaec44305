import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import {
  ClientExchange,
  type ClientExchangeOptions,
  type ClientKey,
  ClientTransport,
  parseRsaPublicKey,
  type TransportKind,
  transportErrorOf,
} from '@heliograph/gateway/mtproto'
import type { Endpoints } from '../../start/endpoints.ts'
import { eventually } from '../eventually.ts'

export interface RawLinkOptions {
  readonly transport?: TransportKind
  /** Any address of 127.0.0.0/8: to be somebody else. */
  readonly localAddress?: string
}

/** One TCP connection to the server that sends whatever a test wants, and remembers what comes. */
export class RawLink {
  readonly socket: Socket
  readonly packets: Buffer[] = []
  /** Gets each packet in place of `packets`. */
  onPacket: ((packet: Buffer) => void) | undefined
  transportError: number | undefined
  closed = false
  private readonly transport: ClientTransport

  private constructor(socket: Socket, kind: TransportKind) {
    this.socket = socket
    this.transport = ClientTransport.plain(kind)
    socket.on('error', () => {})
    socket.on('close', () => {
      this.closed = true
    })
    socket.on('data', (chunk) =>
      this.transport.receive(chunk, { packet: (bytes) => this.received(Buffer.from(bytes)) }),
    )
    socket.write(this.transport.opening)
  }

  static async open(endpoints: Endpoints, options: RawLinkOptions = {}): Promise<RawLink> {
    const socket = await dial(endpoints, options.localAddress)
    return new RawLink(socket, options.transport ?? 'intermediate')
  }

  /** Frames and sends a packet. */
  send(packet: Uint8Array): void {
    this.socket.write(this.transport.frame(packet))
  }

  close(): void {
    this.socket.destroy()
  }

  /** Waits until the server has closed the connection; gives the transport error that came before, if one did. */
  async untilClosed(): Promise<number | undefined> {
    await eventually('the server closes the connection', () => this.closed)
    return this.transportError
  }

  /** The next packet; undefined when the server closed instead. */
  async next(): Promise<Buffer | undefined> {
    await eventually('a packet or the end', () => this.packets.length > 0 || this.closed)
    return this.packets.shift()
  }

  /** Makes an auth key. */
  async exchange(endpoints: Endpoints, options: Partial<ClientExchangeOptions> = {}): Promise<ClientKey> {
    const rsaKey = parseRsaPublicKey(await readFile(endpoints.rsaPublicKey, 'utf8'))
    const exchange = new ClientExchange({ rsaKey, ...options })
    this.send(exchange.start(Date.now()))
    for (;;) {
      const packet = await this.next()
      if (packet === undefined) throw new Error(`no key: transport error ${this.transportError}`)
      const outcome = exchange.receive(packet, Date.now())
      if (outcome.completed !== undefined) return outcome.completed
      if (outcome.reply === undefined) throw new Error(`no key: ${outcome.failed}`)
      this.send(outcome.reply)
    }
  }

  private received(packet: Buffer): void {
    const error = transportErrorOf(packet)
    if (error !== undefined) this.transportError = error
    else if (this.onPacket !== undefined) this.onPacket(packet)
    else this.packets.push(packet)
  }
}

/** A plain connection to the TCP port. */
export async function dial(endpoints: Endpoints, localAddress?: string): Promise<Socket> {
  const { hostname, port } = new URL(`tcp://${endpoints.tcp}`)
  const from = localAddress === undefined ? {} : { localAddress }
  const socket = connect({ host: hostname, port: Number(port), noDelay: true, ...from })
  await once(socket, 'connect')
  return socket
}
