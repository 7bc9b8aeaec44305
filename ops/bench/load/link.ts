import { connect, type Socket } from 'node:net'
import {
  type AuthKeyId,
  ClientTransport,
  openServerPacket,
  randomBytes,
  type SealingKey,
  type SessionId,
  sealClientPacket,
} from '@heliograph/gateway/mtproto'
import { GZIP_PACKED_ID, gunzip, MSG_CONTAINER_ID, RPC_RESULT_ID } from '@heliograph/schemas/tl'

const MSGS_ACK_ID = 0x62d6b459
const BAD_SERVER_SALT_ID = 0xedab447b | 0
const BAD_MSG_ID = 0xa7eff811 | 0
const PING_ID = 0x7abe77ec
const VECTOR_ID = 0x1cb5c415
const UNPACKED_MAX_BYTES = 1 << 24
/** Acknowledgements go out with the next request once this many wait. */
const ACKS_WITH_REQUEST = 16
/** Without requests they go out alone at this many. */
const ACKS_ALONE = 64

export interface LoadKey {
  readonly id: AuthKeyId
  readonly sealing: SealingKey
  readonly salt: bigint
}

type OnResult = (result: Buffer) => void

/**
 * The least that a client must do on one encrypted connection: it seals, opens, unpacks and acknowledges, and leaves bodies
 * as bytes. It does not retry: whatever would need that is a failed run.
 */
export class LoadLink {
  onUpdate: (body: Buffer) => void = () => {}
  /** The salt that the server wants from now on; the request that had another one is lost. */
  onSalt: (salt: bigint) => void = () => {}
  /** `performance.now()` of the last packet. */
  heardAtMs = 0
  onFailure: (why: string) => void = (why) => {
    throw new Error(why)
  }
  private readonly socket: Socket
  private readonly transport = ClientTransport.plain('abridged')
  private key: LoadKey | undefined
  private sessionId = '' as SessionId
  private readonly waiting = new Map<bigint, OnResult>()
  private acks: bigint[] = []
  private lastMsgId = 0n
  private contentCount = 0
  private plainSink: ((packet: Buffer) => void) | undefined
  private closed = false

  private constructor(socket: Socket) {
    this.socket = socket
    socket.setNoDelay(true)
    socket.write(this.transport.opening)
    const sink = { packet: (bytes: Buffer) => this.packet(bytes) }
    socket.on('data', (chunk) => this.transport.receive(chunk, sink))
    socket.on('error', (error) => this.onFailure(error.message))
    socket.on('close', () => {
      if (!this.closed) this.onFailure('the server closed the connection')
    })
  }

  static open(host: string, port: number): Promise<LoadLink> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port })
      socket.once('error', reject)
      socket.once('connect', () => {
        socket.off('error', reject)
        resolve(new LoadLink(socket))
      })
    })
  }

  close(): void {
    this.closed = true
    this.socket.destroy()
  }

  /** Leaves what comes unread, as a client on a slow network does; `resume` reads on. */
  pause(): void {
    this.socket.pause()
  }

  resume(): void {
    this.socket.resume()
  }

  /** Asks for a sign of life: a packet comes soon, or the connection is dead. */
  ping(): void {
    const body = Buffer.allocUnsafe(12)
    body.writeInt32LE(PING_ID, 0)
    body.writeBigInt64LE(this.lastMsgId, 4)
    this.write(this.nextMsgId(), this.contentCount++ * 2 + 1, body)
  }

  /** Before there is a key: one unencrypted packet out, the next one in. */
  exchange(packet: Buffer): Promise<Buffer> {
    return new Promise((resolve) => {
      this.plainSink = resolve
      this.socket.write(this.transport.frame(packet))
    })
  }

  useKey(key: LoadKey): void {
    this.key = key
    this.plainSink = undefined
    this.sessionId = randomBytes(8).toString('hex') as SessionId
  }

  call(body: Buffer): Promise<Buffer> {
    return new Promise((resolve) => this.send(body, resolve))
  }

  /** Sends a request; `onResult` gets the bytes of the result, gzip undone. */
  send(body: Buffer, onResult: OnResult): void {
    const msgId = this.nextMsgId()
    this.waiting.set(msgId, onResult)
    const seqNo = this.contentCount++ * 2 + 1
    if (this.acks.length < ACKS_WITH_REQUEST) return this.write(msgId, seqNo, body)
    const acks = this.takeAcks()
    const ackId = this.nextMsgId()
    const container = Buffer.allocUnsafe(8 + 32 + body.length + acks.length)
    container.writeInt32LE(MSG_CONTAINER_ID, 0)
    container.writeInt32LE(2, 4)
    const next = putMessage(container, 8, msgId, seqNo, body)
    putMessage(container, next, ackId, this.contentCount * 2, acks)
    this.write(this.nextMsgId(), this.contentCount * 2, container)
  }

  /** Acknowledges at once what has been received, as a client does before it falls silent. */
  acknowledge(): void {
    if (this.acks.length > 0) this.write(this.nextMsgId(), this.contentCount * 2, this.takeAcks())
  }

  private write(msgId: bigint, seqNo: number, body: Buffer): void {
    const { sealing, salt } = this.key as LoadKey
    this.socket.write(
      this.transport.frame(sealClientPacket(sealing, salt, this.sessionId, msgId, seqNo, body)),
    )
  }

  /** Unix time with 32 fractional bits, a multiple of 4, growing. */
  private nextMsgId(): bigint {
    const now = Date.now()
    const id =
      (BigInt(Math.floor(now / 1000)) << 32n) | (BigInt(Math.floor((now % 1000) * 4_294_967)) & 0xfffffffcn)
    this.lastMsgId = id > this.lastMsgId ? id : this.lastMsgId + 4n
    return this.lastMsgId
  }

  private packet(bytes: Buffer): void {
    if (bytes.length === 4) return this.onFailure(`transport error ${bytes.readInt32LE(0)}`)
    if (this.key === undefined) return this.plainSink?.(Buffer.from(bytes))
    const opened = openServerPacket(this.key.sealing.key, bytes)
    if (opened === undefined) return this.onFailure('a packet that is not authentic')
    this.heardAtMs = performance.now()
    this.message(opened.msgId, opened.seqNo, opened.body)
    if (this.acks.length >= ACKS_ALONE) this.write(this.nextMsgId(), this.contentCount * 2, this.takeAcks())
  }

  private message(msgId: bigint, seqNo: number, body: Buffer): void {
    if ((seqNo & 1) === 1) this.acks.push(msgId)
    const id = body.readInt32LE(0)
    if (id === MSG_CONTAINER_ID) return this.container(body)
    if (id === RPC_RESULT_ID) return this.result(body)
    if (id === GZIP_PACKED_ID) return this.message(msgId, seqNo & ~1, unpacked(body))
    if (id === BAD_SERVER_SALT_ID) this.onSalt(body.readBigInt64LE(20))
    if (id === BAD_SERVER_SALT_ID || id === BAD_MSG_ID)
      return this.onFailure(`refused, code ${body.readInt32LE(16)}`)
    this.onUpdate(body)
  }

  private container(body: Buffer): void {
    let at = 8
    for (let left = body.readInt32LE(4); left > 0; left--) {
      const size = body.readInt32LE(at + 12)
      const start = at + 16
      this.message(body.readBigInt64LE(at), body.readInt32LE(at + 8), body.subarray(start, start + size))
      at = start + size
    }
  }

  private result(body: Buffer): void {
    const request = body.readBigInt64LE(4)
    const onResult = this.waiting.get(request)
    if (onResult === undefined) return
    this.waiting.delete(request)
    const result = body.subarray(12)
    onResult(result.readInt32LE(0) === GZIP_PACKED_ID ? unpacked(result) : result)
  }

  private takeAcks(): Buffer {
    const acks = this.acks
    this.acks = []
    const body = Buffer.allocUnsafe(12 + acks.length * 8)
    body.writeUInt32LE(MSGS_ACK_ID, 0)
    body.writeUInt32LE(VECTOR_ID, 4)
    body.writeInt32LE(acks.length, 8)
    for (let i = 0; i < acks.length; i++) body.writeBigInt64LE(acks[i] as bigint, 12 + i * 8)
    return body
  }
}

function putMessage(into: Buffer, at: number, msgId: bigint, seqNo: number, body: Buffer): number {
  into.writeBigInt64LE(msgId, at)
  into.writeInt32LE(seqNo, at + 8)
  into.writeInt32LE(body.length, at + 12)
  body.copy(into, at + 16)
  return at + 16 + body.length
}

/** The content of `gzip_packed packed_data:bytes`. */
function unpacked(body: Buffer): Buffer {
  const long = body[4] === 254
  const size = long ? body.readUIntLE(5, 3) : (body[4] as number)
  const start = long ? 8 : 5
  return gunzip(body.subarray(start, start + size), UNPACKED_MAX_BYTES)
}
