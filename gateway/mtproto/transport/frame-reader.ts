import { type Frame, type Framing, newFrame, type TransportFault } from './framing.ts'

/** Where a reader puts what it finds. */
export interface FrameSink {
  packet(bytes: Buffer, quickAckWanted: boolean): void
  /** Client side only. */
  quickAck?(token: number): void
}

/** A frame lives only between `read` and the hand-over, so one object serves all connections. */
const frame: Frame = newFrame()

/**
 * Turns bytes, cut anywhere, into packets. Whole frames are handed out as views of the chunk they came in; only the cut-off
 * end of a chunk is copied, into memory that at most doubles with what has really arrived.
 */
export class FrameReader {
  readonly #framing: Framing
  #stash: Buffer | undefined
  #stashed = 0
  /** Stashed bytes below which looking again is useless. */
  #needed = 0
  #stopped = false

  constructor(framing: Framing) {
    this.#framing = framing
  }

  /** Memory that the cut-off end of a frame takes. */
  get heldBytes(): number {
    return this.#stash === undefined ? 0 : this.#stash.length
  }

  /** Hands over what the chunk completes. The reader keeps no part of the chunk itself. Returns the fault that ends the stream. */
  receive(chunk: Buffer, sink: FrameSink): TransportFault | undefined {
    if (this.#stash === undefined) return this.#scan(chunk, chunk.length, sink)
    const stash = this.#append(this.#stash, chunk)
    return this.#stashed < this.#needed ? undefined : this.#scan(stash, this.#stashed, sink)
  }

  /** No packet is handed over after this, even of a chunk that is being read. */
  stop(): void {
    this.#stopped = true
    this.#stash = undefined
  }

  #scan(bytes: Buffer, end: number, sink: FrameSink): TransportFault | undefined {
    let at = 0
    while (!this.#stopped) {
      const looked = this.#framing.read(bytes, at, end, frame)
      if (looked !== 'found') return this.#pause(looked, bytes, at, end)
      at = frame.next
      if (frame.ackToken !== undefined) sink.quickAck?.(frame.ackToken)
      else if (frame.end > frame.start)
        sink.packet(bytes.subarray(frame.start, frame.end), frame.quickAckWanted)
    }
    return undefined
  }

  #pause(
    looked: TransportFault | number,
    bytes: Buffer,
    at: number,
    end: number,
  ): TransportFault | undefined {
    if (typeof looked !== 'number') return looked
    this.#needed = looked
    const unchanged = at === 0 && bytes === this.#stash
    if (!unchanged) {
      this.#stash = at < end ? Buffer.from(bytes.subarray(at, end)) : undefined
      this.#stashed = end - at
    }
    return undefined
  }

  #append(stash: Buffer, chunk: Buffer): Buffer {
    const total = this.#stashed + chunk.length
    let target = stash
    if (total > stash.length) {
      target = Buffer.allocUnsafeSlow(Math.max(total, Math.min(2 * stash.length, this.#needed)))
      stash.copy(target, 0, 0, this.#stashed)
      this.#stash = target
    }
    chunk.copy(target, this.#stashed)
    this.#stashed = total
    return target
  }
}
