import { encodeCall } from '@heliograph/schemas/tl'
import { LOAD_LAYER } from '../../bench/load/user.ts'

/** Stands at the start of every text, so that messages of a run are known wherever they are seen. */
export const MARK = 'heliogram'
const STREAM_DIGITS = 8
const NUMBER_DIGITS = 10
const RANDOM_ID_MARK = 0x1122334455667788n

/** Someone as another user addresses them. */
export interface Peer {
  readonly userId: number
  readonly accessHash: bigint
}

const markOfStream = (stream: number): string => MARK + String(stream).padStart(STREAM_DIGITS, '0')

/** The mark alone, which `markOf` knows. */
export const markText = ({ stream, number }: TextMark): string =>
  markOfStream(stream) + String(number).padStart(NUMBER_DIGITS, '0')

/** Which stream's which message a text is. */
export interface TextMark {
  readonly stream: number
  readonly number: number
}

/** The bytes of one stream's `messages.sendMessage`, of which only the number in the text and the random id change. */
export class TextTemplate {
  private readonly bytes: Buffer
  private readonly numberAt: number
  private readonly randomIdAt: number
  private readonly randomBase: bigint

  /** Random ids count up from `randomBase`, so that a message keeps its own however often it is sent. */
  constructor(peer: Peer, stream: number, textBytes: number, randomBase: bigint) {
    const mark = markOfStream(stream)
    const request = {
      _: 'messages.sendMessage',
      peer: { _: 'inputPeerUser', ...peer },
      message: mark.padEnd(mark.length + NUMBER_DIGITS, '0').padEnd(textBytes, '.'),
      randomId: RANDOM_ID_MARK,
    }
    this.bytes = encodeCall(request as never, LOAD_LAYER)
    this.numberAt = this.bytes.indexOf(mark) + mark.length
    const randomId = Buffer.alloc(8)
    randomId.writeBigInt64LE(RANDOM_ID_MARK)
    this.randomIdAt = this.bytes.indexOf(randomId)
    this.randomBase = randomBase
  }

  randomIdOf(number: number): bigint {
    return this.randomBase + BigInt(number)
  }

  /** A view that the next call changes. */
  with(number: number): Buffer {
    this.bytes.write(String(number).padStart(NUMBER_DIGITS, '0'), this.numberAt, 'latin1')
    this.bytes.writeBigInt64LE(this.randomIdOf(number), this.randomIdAt)
    return this.bytes
  }
}

const PATTERN = new RegExp(`^${MARK}(\\d{${STREAM_DIGITS}})(\\d{${NUMBER_DIGITS}})`)

/** The mark of a text of a run, undefined for any other text. */
export function markOf(text: string): TextMark | undefined {
  const found = PATTERN.exec(text)
  return found === null ? undefined : { stream: Number(found[1]), number: Number(found[2]) }
}

const ZERO = 48

/** The same from the text's bytes, where the mark is known to stand at `at`: without making strings. */
export function markAt(bytes: Buffer, at: number): TextMark {
  const streamAt = at + MARK.length
  const numberAt = streamAt + STREAM_DIGITS
  return {
    stream: digits(bytes, streamAt, STREAM_DIGITS),
    number: digits(bytes, numberAt, NUMBER_DIGITS),
  }
}

function digits(bytes: Buffer, at: number, count: number): number {
  let value = 0
  for (let i = at; i < at + count; i++) value = value * 10 + ((bytes[i] as number) - ZERO)
  return value
}
