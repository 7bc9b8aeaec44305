import { EmbeddedRegistry, RecordCodec } from '@heliograph/schemas/avro'
import { expect, it } from 'vitest'
import { MediaWorld } from './media.ts'

const SEEDS = Number(process.env.SEEDS ?? 25)
const TIMEOUT_MS = 240_000 + SEEDS * 2_000

it('no file is lost while something refers to it, and none is left when nothing does', {
  timeout: TIMEOUT_MS,
}, async () => {
  const codec = await RecordCodec.create(new EmbeddedRegistry())
  let ended = 0
  for (let seed = 1; seed <= SEEDS; seed++) {
    const world = new MediaWorld(seed, codec)
    try {
      await world.run()
    } catch (cause) {
      throw new Error(`seed ${seed}: ${String(cause)}`, { cause })
    }
    ended += world.ended
  }
  expect(ended).toBeGreaterThan(SEEDS)
})
