import { encodeCall } from '@heliograph/schemas/tl'
import { TEXT_BYTES } from '../workload.ts'
import { LOAD_LAYER } from './user.ts'

/** Stands at the start of every text, so that the receiver finds it in undecoded updates. */
export const MARK = 'heliogram'
export const NUMBER_DIGITS = 8
const RANDOM_ID_MARK = 0x1122334455667788n

/** The bytes of one `messages.sendMessage`, of which only the number in the text and the random id change. */
export class MessageTemplate {
  private readonly bytes: Buffer
  private readonly numberAt: number
  private readonly randomIdAt: number
  private readonly randomBase: bigint

  constructor(
    peer: { userId: number; accessHash: bigint } | { readonly _: string; readonly [field: string]: unknown },
    randomBase: bigint,
  ) {
    const text = `${MARK}${'0'.repeat(NUMBER_DIGITS)}`.padEnd(TEXT_BYTES, '.')
    const request = {
      _: 'messages.sendMessage',
      peer: { _: 'inputPeerUser', ...peer },
      message: text,
      randomId: RANDOM_ID_MARK,
    }
    this.bytes = encodeCall(request as never, LOAD_LAYER)
    this.numberAt = this.bytes.indexOf(MARK) + MARK.length
    const mark = Buffer.alloc(8)
    mark.writeBigInt64LE(RANDOM_ID_MARK)
    this.randomIdAt = this.bytes.indexOf(mark)
    this.randomBase = randomBase
  }

  /** A view that the next `with` changes. */
  with(number: number): Buffer {
    this.bytes.write(String(number).padStart(NUMBER_DIGITS, '0'), this.numberAt, 'latin1')
    this.bytes.writeBigInt64LE(this.randomBase + BigInt(number), this.randomIdAt)
    return this.bytes
  }
}

/** The number of the message whose text is in these bytes, or undefined. */
export function numberIn(update: Buffer): number | undefined {
  const at = update.indexOf(MARK)
  if (at < 0) return undefined
  const from = at + MARK.length
  return Number(update.toString('latin1', from, from + NUMBER_DIGITS))
}
