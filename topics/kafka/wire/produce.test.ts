import { expect, it } from 'vitest'
import { ByteReader } from './byte-reader.ts'
import { readPlaces } from './produce.ts'

const hex = (...parts: string[]) => Buffer.from(parts.join('').replaceAll(' ', ''), 'hex')
const int64 = (value: bigint) =>
  Buffer.from(BigInt.asUintN(64, value).toString(16).padStart(16, '0'), 'hex').toString('hex')
const NONE = int64(-1n)

it('reads what follows a partition whose answer names the new leader', () => {
  // As a broker of Kafka 4 answers that does not lead the first: no record errors, no message, a tag with the leader.
  const moved = hex('00000003 0006', NONE, NONE, NONE, '01 00', '01 00 09 00000002 00000007 00')
  const placed = hex('00000004 0000', int64(1_234_567_890_123n), NONE, int64(0n), '01 00', '00')
  const topic = Buffer.from('chat.events')
  const answer = Buffer.concat([hex('02 0c'), topic, hex('03'), moved, placed, hex('00 00000000 00')])
  expect(readPlaces(new ByteReader(answer))).toEqual([
    { topic: 'chat.events', partition: 3, error: 6, offset: -1 },
    { topic: 'chat.events', partition: 4, error: 0, offset: 1_234_567_890_123 },
  ])
})

it('reads what follows a partition whose records were refused', () => {
  const refused = hex('00000000 0057', NONE, NONE, NONE, '02 00000001 04 626164 00', '04 626164', '00')
  const placed = hex('00000001 0000', int64(0n), NONE, int64(0n), '01 00', '00')
  const answer = Buffer.concat([hex('02 02 74 03'), refused, placed, hex('00')])
  expect(readPlaces(new ByteReader(answer)).map(({ error, offset }) => [error, offset])).toEqual([
    [0x57, -1],
    [0, 0],
  ])
})
