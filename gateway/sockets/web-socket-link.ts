import type { OpenLink, PacketLink, PacketReceiver } from '../mtproto/ports.ts'
import type { FrameSink } from '../mtproto/transport/frame-reader.ts'
import { ServerTransport } from '../mtproto/transport/server-transport.ts'
import { type Flushable, flushSoon } from './flush.ts'
import type { HeldBytes, HeldShare } from './held-bytes.ts'
import type { SocketLimits } from './limits.ts'

/** The little of a WebSocket that a link needs. */
export interface MessageSocket {
  send(message: Uint8Array, isBinary: boolean): unknown
  cork(write: () => void): unknown
  getBufferedAmount(): number
  end(code?: number): void
  close(): void
}

/** One WebSocket: its messages are a stream of bytes, cut anywhere, in the transports of TCP (browsers send them obfuscated). */
export class WebSocketLink implements PacketLink, FrameSink, Flushable {
  readonly kind = 'websocket'
  readonly remoteAddress: string
  readonly #socket: MessageSocket
  readonly #limits: SocketLimits
  #receiver: PacketReceiver | undefined
  readonly #transport = new ServerTransport()
  readonly #held: HeldShare
  #pending: Buffer[] = []
  #pendingBytes = 0
  #blocked = false
  #closing = false
  #gone = false

  constructor(socket: MessageSocket, remoteAddress: string, limits: SocketLimits, held: HeldBytes) {
    this.#socket = socket
    this.remoteAddress = remoteAddress
    this.#limits = limits
    this.#held = held.share(remoteAddress)
  }

  /** Connects the layer above, which may close the link at once. */
  begin(openLink: OpenLink): void {
    this.#receiver = openLink(this)
  }

  /** A message; its memory is copied, for it ends with the caller's callback. */
  received(message: ArrayBuffer): void {
    if (this.#closing) return
    const fault = this.#transport.receive(Buffer.from(new Uint8Array(message)), this)
    if (fault !== undefined || !this.#held.set(this.#transport.heldBytes)) this.destroy()
  }

  packet(bytes: Buffer, quickAckWanted: boolean): void {
    this.#receiver?.packet(bytes, quickAckWanted)
  }

  send(packet: Uint8Array): void {
    if (!this.#closing) this.#queue(this.#transport.frame(packet))
  }

  sendQuickAck(token: number): void {
    const bytes = this.#closing ? undefined : this.#transport.quickAck(token)
    if (bytes !== undefined) this.#queue(bytes)
  }

  sendTransportError(code: -404 | -429 | -444): void {
    if (this.#closing) return
    this.#queue(this.#transport.error(code))
    this.close()
  }

  bufferedBytes(): number {
    return this.#gone ? 0 : this.#pendingBytes + this.#socket.getBufferedAmount()
  }

  close(): void {
    if (this.#closing) return
    this.flush()
    this.#stop()
    if (!this.#gone) this.#socket.end()
  }

  /** Ends the connection at once. */
  destroy(): void {
    this.#stop()
    if (!this.#gone) this.#socket.close()
  }

  /** The connection is gone; the socket must not be touched any more. */
  closed(): void {
    this.#gone = true
    this.#stop()
    // Later, because the library calls this from inside `close`, and whoever closes does not expect that.
    process.nextTick(() => this.#receiver?.closed())
  }

  /** The kernel took more of what was buffered. */
  drained(): void {
    if (!this.#blocked || this.#closing || this.#socket.getBufferedAmount() > 0) return
    this.#blocked = false
    this.#receiver?.drained()
  }

  flush(): void {
    const pending = this.#pending
    if (pending.length === 0) return
    this.#pending = []
    this.#pendingBytes = 0
    if (this.#gone) return
    this.#socket.cork(() => {
      for (const frame of pending) this.#socket.send(frame, true)
    })
    this.#checkBuffered()
  }

  #checkBuffered(): void {
    const buffered = this.#gone ? 0 : this.#socket.getBufferedAmount()
    if (buffered === 0) return
    this.#blocked = true
    if (buffered > this.#limits.maxBufferedBytes) this.destroy()
  }

  #queue(frame: Buffer): void {
    this.#pendingBytes += frame.length
    if (this.#pending.push(frame) === 1) flushSoon(this)
  }

  #stop(): void {
    this.#closing = true
    this.#transport.stop()
    this.#held.set(0)
  }
}
