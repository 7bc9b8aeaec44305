import { describe, expect, it } from 'vitest'
import { slotOf } from './slot.ts'

// As `CLUSTER KEYSLOT` of Redis says.
describe('the slot of a name', () => {
  it.each([
    ['', 0],
    ['123456789', 12739],
    ['user:1', 10778],
    ['über', 15496],
  ])('%j is %i', (name, slot) => expect(slotOf(name)).toBe(slot))

  it.each([
    ['a{user:1}b', 'user:1'],
    ['{user:1}{2}', 'user:1'],
    ['{{user:1}}', '{user:1'],
  ])('of %j is that of %j', (name, tag) => expect(slotOf(name)).toBe(slotOf(tag)))

  it('is that of the whole where the braces are empty', () => expect(slotOf('{}user:1')).not.toBe(slotOf('')))
})
