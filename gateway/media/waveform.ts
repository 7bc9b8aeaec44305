/** How `documentAttributeAudio.waveform` is made (core.telegram.org/constructor/documentAttributeAudio). */
const SAMPLES = 100
const BITS = 5
const HIGHEST = 2 ** BITS - 1
const PCM_BYTES = 2
/** Quiet recordings are not blown up to noise: what is below counts as if the loudest were this loud. */
const QUIETEST_PEAK = 2500

/** 100 values of 5 bits of how loud a recording is over its time; `pcm` is signed 16-bit little-endian, one channel. */
export function waveformOf(pcm: Buffer): Buffer {
  const peaks = peaksOf(pcm)
  const loudest = Math.max(QUIETEST_PEAK, ...peaks)
  return packed(peaks.map((peak) => Math.floor((peak * HIGHEST) / loudest)))
}

function peaksOf(pcm: Buffer): number[] {
  const count = Math.floor(pcm.length / PCM_BYTES)
  const peaks = new Array<number>(SAMPLES).fill(0)
  for (let sample = 0; sample < count; sample += 1) {
    const bin = Math.floor((sample * SAMPLES) / count)
    const loudness = Math.abs(pcm.readInt16LE(sample * PCM_BYTES))
    if (loudness > peaks[bin]!) peaks[bin] = loudness
  }
  return peaks
}

function packed(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(Math.ceil((values.length * BITS) / 8))
  values.forEach((value, index) => {
    const bit = index * BITS
    const at = bit >> 3
    const shifted = value << (bit & 7)
    bytes[at]! |= shifted & 0xff
    if (shifted > 0xff) bytes[at + 1]! |= shifted >> 8
  })
  return bytes
}
