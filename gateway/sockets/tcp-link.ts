import type { Socket } from 'node:net'
import type { OpenLink, PacketLink, PacketReceiver } from '../mtproto/ports.ts'
import type { FrameSink } from '../mtproto/transport/frame-reader.ts'
import { ServerTransport } from '../mtproto/transport/server-transport.ts'
import { plainAddress } from './address.ts'
import { type Flushable, flushSoon } from './flush.ts'
import type { HeldBytes, HeldShare } from './held-bytes.ts'
import type { SocketLimits } from './limits.ts'

/** One TCP connection. */
export class TcpLink implements PacketLink, FrameSink, Flushable {
  readonly kind = 'tcp'
  readonly remoteAddress: string
  readonly #socket: Socket
  readonly #limits: SocketLimits
  readonly #receiver: PacketReceiver
  readonly #transport = new ServerTransport()
  readonly #held: HeldShare
  /** Frames of this turn of the event loop: none, one, or several. */
  #pending: Buffer | Buffer[] | undefined
  #pendingBytes = 0
  #blocked = false
  #closing = false

  constructor(socket: Socket, openLink: OpenLink, limits: SocketLimits, held: HeldBytes) {
    this.#socket = socket
    this.#limits = limits
    this.remoteAddress = plainAddress(socket.remoteAddress)
    this.#held = held.share(this.remoteAddress)
    this.#receiver = openLink(this)
  }

  /** Bytes from the peer. */
  received(chunk: Buffer): void {
    if (this.#closing) return
    const known = this.#transport.kind !== undefined
    const fault = this.#transport.receive(chunk, this)
    if (fault !== undefined || !this.#held.set(this.#transport.heldBytes)) this.destroy()
    else if (!known && this.#transport.kind !== undefined) this.#socket.setTimeout(this.#limits.idleMs)
  }

  packet(bytes: Buffer, quickAckWanted: boolean): void {
    this.#receiver.packet(bytes, quickAckWanted)
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
    return this.#pendingBytes + this.#socket.writableLength
  }

  /** Writes what was sent, then ends the connection. */
  close(): void {
    if (this.#closing) return
    this.flush()
    this.#stop()
    // A peer that does not read must not keep an ended connection.
    this.#socket.setTimeout(this.#limits.closingMs)
    this.#socket.destroySoon()
  }

  /** Ends the connection at once. */
  destroy(): void {
    this.#stop()
    this.#socket.destroy()
  }

  /** The connection is gone. */
  closed(): void {
    this.#stop()
    this.#receiver.closed()
  }

  flush(): void {
    const pending = this.#pending
    if (pending === undefined) return
    this.#pending = undefined
    this.#pendingBytes = 0
    if (this.#socket.destroyed) return
    this.#socket.write(Array.isArray(pending) ? Buffer.concat(pending) : pending, this.#written)
    if (this.#socket.writableLength === 0) return
    this.#blocked = true
    if (this.#socket.writableLength > this.#limits.maxBufferedBytes) this.destroy()
  }

  /** After each write: the kernel took it. */
  readonly #written = (): void => {
    if (!this.#blocked || this.#socket.writableLength > 0) return
    this.#blocked = false
    if (!this.#closing) this.#receiver.drained()
  }

  #queue(frame: Buffer): void {
    this.#pendingBytes += frame.length
    if (this.#pending === undefined) {
      this.#pending = frame
      flushSoon(this)
    } else if (Array.isArray(this.#pending)) this.#pending.push(frame)
    else this.#pending = [this.#pending, frame]
  }

  #stop(): void {
    this.#closing = true
    this.#transport.stop()
    this.#held.set(0)
  }
}
