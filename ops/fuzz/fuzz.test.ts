import { createDerivatives, SYSTEM_PROGRAMS } from '@heliograph/gateway/media'
import { picture, tgs } from '@heliograph/gateway/media/samples'
import { expect, it } from 'vitest'
import { makeCase, performCase } from './case.ts'

/** Pictures and animations alone: what needs ffmpeg is in the long run. */
async function corpus(): Promise<Map<string, Buffer>> {
  const webp = await picture({ width: 512, height: 384, format: 'webp', channels: 4 })
  return new Map([
    ['jpeg', await picture({ width: 320, height: 200 })],
    ['png', await picture({ width: 100, height: 100, format: 'png' })],
    ['webp', webp],
    ['tgs', tgs()],
  ])
}

it('makes the same case of the same seed', async () => {
  const samples = await corpus()
  expect(makeCase(3, 4, samples)).toEqual(makeCase(3, 4, samples))
  const sources = Array.from({ length: 50 }, (_, index) =>
    makeCase(3, index, samples).source.toString('base64'),
  )
  expect(new Set(sources).size).toBeGreaterThan(45)
})

it('takes or refuses damaged files, and stays alive', async () => {
  const samples = await corpus()
  const derivatives = await createDerivatives({ programs: SYSTEM_PROGRAMS, notice: () => {} })
  const outcomes = new Set<string>()
  for (let index = 0; index < 150; index += 1)
    outcomes.add(await performCase(makeCase(1, index, samples), derivatives))
  derivatives.close()
  expect(outcomes.has('taken')).toBe(true)
  expect(outcomes.size).toBeGreaterThan(4)
})
