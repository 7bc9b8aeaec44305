import type { SessionLimits } from './limits.ts'

interface WaitingPacket {
  readonly bytes: Uint8Array
  readonly quickAckWanted: boolean
}

/** Packets of one link that wait until the one before them is done. Bounded by number and bytes. */
export class WaitingPackets {
  readonly packets: WaitingPacket[] = []
  #bytes = 0

  /** False when there is no room; the packet's bytes are copied, since the transport may use its buffer again. */
  add(bytes: Uint8Array, quickAckWanted: boolean, limits: SessionLimits): boolean {
    if (this.packets.length >= limits.waitingPackets) return false
    if (this.#bytes + bytes.length > limits.waitingBytes) return false
    this.#bytes += bytes.length
    this.packets.push({ bytes: Buffer.from(bytes), quickAckWanted })
    return true
  }
}
