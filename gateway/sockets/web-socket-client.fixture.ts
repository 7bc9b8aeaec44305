import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'

/** Something to await: resolves when `check` holds, looked at after each `notify`. */
export class Signal {
  #waiting: (() => void)[] = []
  readonly notify = (): void => {
    for (const wake of this.#waiting.splice(0)) wake()
  }
  async until(check: () => boolean): Promise<void> {
    while (!check()) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }
}

/** A WebSocket client of a few lines: masked binary frames out, unmasked frames in. */
export class RawWebSocket {
  readonly received: Buffer[] = []
  readonly signal = new Signal()
  head = ''
  ended = false
  #bytes = Buffer.alloc(0)
  readonly socket: Socket

  constructor(port: number, path: string, headers: Record<string, string> = {}) {
    this.socket = connect({ host: '127.0.0.1', port, noDelay: true })
    const lines = {
      Host: 'localhost',
      Upgrade: 'websocket',
      Connection: 'Upgrade',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
      ...headers,
    }
    this.socket.write(
      `GET ${path} HTTP/1.1\r\n${Object.entries(lines)
        .map(([k, v]) => `${k}: ${v}\r\n`)
        .join('')}\r\n`,
    )
    this.socket.on('error', () => {})
    this.socket.on('close', () => {
      this.ended = true
      this.signal.notify()
    })
    this.socket.on('data', (chunk) => this.#take(chunk))
  }

  async opened(): Promise<this> {
    await this.signal.until(() => this.head !== '' || this.ended)
    return this
  }

  send(payload: Buffer): void {
    const head = payload.length < 126 ? Buffer.from([0x82, 0x80 | payload.length]) : Buffer.alloc(14)
    if (payload.length >= 126) {
      head.set([0x82, 0xff])
      head.writeBigUInt64BE(BigInt(payload.length), 2)
    }
    const sized = payload.length < 126 ? head : head.subarray(0, 10)
    const mask = randomBytes(4)
    this.socket.write(Buffer.concat([sized, mask, payload.map((byte, i) => byte ^ mask[i & 3]!)]))
  }

  #take(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk])
    if (this.head === '') {
      const end = this.#bytes.indexOf('\r\n\r\n')
      if (end < 0) return
      this.head = this.#bytes.subarray(0, end).toString().toLowerCase()
      this.#bytes = this.#bytes.subarray(end + 4)
    }
    while (this.#takeFrame());
    this.signal.notify()
  }

  #takeFrame(): boolean {
    const bytes = this.#bytes
    if (bytes.length < 2) return false
    const short = bytes[1]! & 0x7f
    const headSize = short < 126 ? 2 : short === 126 ? 4 : 10
    if (bytes.length < headSize) return false
    const size =
      short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2))
    if (bytes.length < headSize + size) return false
    if ((bytes[0]! & 0x0f) === 2) this.received.push(bytes.subarray(headSize, headSize + size))
    this.#bytes = bytes.subarray(headSize + size)
    return true
  }
}
