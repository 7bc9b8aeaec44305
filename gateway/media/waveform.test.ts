import { expect, it } from 'vitest'
import { waveformOf } from './waveform.ts'

function pcm(...samples: number[]): Buffer {
  const bytes = Buffer.alloc(samples.length * 2)
  samples.forEach((sample, index) => {
    bytes.writeInt16LE(sample, index * 2)
  })
  return bytes
}

it('packs 100 values of 5 bits from the low bit on', () => {
  const loud = pcm(...Array.from({ length: 100 }, () => -32768))
  expect(waveformOf(loud)).toEqual(Buffer.alloc(63, 0xff).fill(0x0f, 62))
  const one = Array.from({ length: 100 }, (_, index) => (index === 1 ? 30_000 : 0))
  expect([...waveformOf(pcm(...one)).subarray(0, 3)]).toEqual([0xe0, 0x03, 0])
})

it('keeps noise low, and takes silence and nothing', () => {
  expect(waveformOf(pcm(...Array.from({ length: 200 }, () => 250))).at(0)! & 31).toBe(3)
  expect(waveformOf(Buffer.alloc(0))).toEqual(Buffer.alloc(63))
  expect(waveformOf(pcm(5_000)).length).toBe(63)
})
