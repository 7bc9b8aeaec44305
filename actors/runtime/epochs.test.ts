import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Epochs } from './epochs.ts'

type Entry = { readonly epoch: number; readonly announces: boolean }

function accepted(entries: readonly Entry[], epochs = new Epochs()): boolean[] {
  return entries.map(({ epoch, announces }) => {
    const record = announces ? { type: 'OwnerAnnounced', owner: 'o', epoch } : { type: 'Said' }
    return epochs.accept({ cause: null, epoch, reply: null }, record)
  })
}
const announce = (epoch: number) => ({ epoch, announces: true })
const event = (epoch: number) => ({ epoch, announces: false })

test('events of an older epoch behind an announcement are void', () => {
  expect(accepted([announce(1), event(1), announce(2), event(1), event(2), event(1)])).toEqual([
    false,
    true,
    false,
    false,
    true,
    false,
  ])
})

test('an announcement that lost the race changes nothing', () => {
  expect(accepted([announce(2), announce(2), announce(1), event(1), event(2)])).toEqual([
    false,
    false,
    false,
    false,
    true,
  ])
})

test('a topic without owners takes every epoch', () => {
  expect(accepted([event(7), event(3)])).toEqual([true, true])
})

test('reading on from the middle gives the same as reading from the start', () => {
  const entry = fc.record({ epoch: fc.integer({ min: 1, max: 4 }), announces: fc.boolean() })
  fc.assert(
    fc.property(fc.array(entry), fc.nat(), (entries, at) => {
      const all = [announce(1), ...entries]
      const cut = at % all.length
      const epochs = new Epochs()
      const before = accepted(all.slice(0, cut), epochs)
      const after = accepted(all.slice(cut), new Epochs(epochs.current))
      expect([...before, ...after]).toEqual(accepted(all))
    }),
  )
})
