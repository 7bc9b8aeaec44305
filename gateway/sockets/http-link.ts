import type { PacketLink, PacketReceiver } from '../mtproto/ports.ts'

/** The little of an HTTP response that a link needs. */
export interface HttpAnswer {
  cork(write: () => void): unknown
  writeStatus(status: string): unknown
  writeHeader(key: string, value: string): unknown
  end(body?: Uint8Array): unknown
}

const STATUS: Readonly<Record<-404 | -429 | -444, string>> = {
  '-404': '404 Not Found',
  '-429': '429 Too Many Requests',
  '-444': '400 Bad Request',
}

/**
 * One HTTP request as a link: it brings one packet, and the first packet sent is its answer, upon which the link is closed.
 * What a session has to say later goes out on a later request (`http_wait` keeps one waiting).
 */
export class HttpLink implements PacketLink {
  readonly kind = 'http'
  readonly remoteAddress: string
  readonly #answer: HttpAnswer
  readonly #headers: ReadonlyMap<string, string>
  readonly #onClosed: (link: HttpLink) => void
  #receiver: PacketReceiver | undefined
  #timer: NodeJS.Timeout | undefined
  #done = false

  constructor(
    answer: HttpAnswer,
    remoteAddress: string,
    headers: ReadonlyMap<string, string>,
    onClosed: (link: HttpLink) => void,
  ) {
    this.#answer = answer
    this.remoteAddress = remoteAddress
    this.#headers = headers
    this.#onClosed = onClosed
  }

  /** The request's body has come; it is answered by nothing at all after `waitMs`. */
  begin(receiver: PacketReceiver, body: Buffer, waitMs: number): void {
    this.#receiver = receiver
    this.#timer = setTimeout(this.close, waitMs)
    if (!this.#done) receiver.packet(body, false)
  }

  send(packet: Uint8Array): void {
    this.#respond('200 OK', packet)
  }

  /** HTTP has no quick acknowledgements. */
  sendQuickAck(): void {}

  sendTransportError(code: -404 | -429 | -444): void {
    const body = Buffer.allocUnsafe(4)
    body.writeInt32LE(code)
    this.#respond(STATUS[code], body)
  }

  /** An answer leaves at once. */
  bufferedBytes(): number {
    return 0
  }

  /** Answers with nothing, if no answer was given yet. */
  readonly close = (): void => {
    this.#respond('200 OK', undefined)
  }

  /** The peer gave up waiting. */
  aborted(): void {
    this.#finish()
  }

  #respond(status: string, body: Uint8Array | undefined): void {
    if (this.#done) return
    this.#done = true
    this.#answer.cork(() => {
      this.#answer.writeStatus(status)
      for (const [key, value] of this.#headers) this.#answer.writeHeader(key, value)
      this.#answer.writeHeader('content-type', 'application/octet-stream')
      this.#answer.end(body)
    })
    // Later, because whoever sends does not expect to be told of its own link's end in the middle of that.
    process.nextTick(() => this.#finish())
  }

  #finish(): void {
    this.#done = true
    clearTimeout(this.#timer)
    this.#onClosed(this)
    this.#receiver?.closed()
    this.#receiver = undefined
  }
}
