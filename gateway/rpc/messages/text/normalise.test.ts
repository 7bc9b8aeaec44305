import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Entity, plainEntity } from './entity.ts'
import { isInvisible, isWithin, mergeDetected, normaliseText } from './normalise.ts'

const bold = (offset: number, length: number): Entity => plainEntity('Bold', offset, length)
const places = (entities: readonly Entity[]) =>
  entities.map(({ kind, offset, length }) => [kind, offset, length])

describe('normaliseText', () => {
  it('trims and moves entities along', () => {
    const { text, entities } = normaliseText('  hello world \n', [bold(0, 7), bold(8, 7)])
    expect(text).toBe('hello world')
    expect(places(entities)).toEqual([
      ['Bold', 0, 5],
      ['Bold', 6, 5],
    ])
  })

  it('drops carriage returns and what is empty then', () => {
    const { text, entities } = normaliseText('a\r\nb\rc', [bold(1, 1), bold(3, 3)])
    expect(text).toBe('a\nbc')
    expect(places(entities)).toEqual([['Bold', 2, 2]])
  })

  it('turns control characters into spaces', () => {
    expect(normaliseText('a\u0000b\u202ec', []).text).toBe('a b c')
  })

  it('joins overlapping layers of one kind and keeps nested ones of several', () => {
    const italic = plainEntity('Italic', 2, 3)
    const { entities } = normaliseText('0123456789', [bold(0, 4), italic, bold(3, 4)])
    expect(places(entities)).toEqual([
      ['Bold', 0, 7],
      ['Italic', 2, 3],
    ])
  })

  it('keeps nothing within code, and code within layers', () => {
    const code = plainEntity('Code', 2, 4)
    expect(places(normaliseText('0123456789', [code, bold(3, 2)]).entities)).toEqual([['Code', 2, 4]])
    expect(places(normaliseText('0123456789', [code, bold(0, 8)]).entities)).toEqual([
      ['Bold', 0, 8],
      ['Code', 2, 4],
    ])
  })

  it('leaves entities in order, within the text, covering the same characters', () => {
    const arbitrary = fc.record({
      text: fc.string({ unit: 'grapheme', maxLength: 40 }),
      places: fc.array(fc.tuple(fc.nat(60), fc.nat(60), fc.constantFrom('Bold', 'Code', 'TextUrl')), {
        maxLength: 8,
      }),
      padding: fc.constantFrom('', ' ', '\n\t', '\r\n '),
    })
    fc.assert(
      fc.property(arbitrary, ({ text, places: given, padding }) => {
        const raw = padding + text + padding
        const entities = given
          .map(([offset, length, kind]) => plainEntity(kind, offset, length))
          .filter(({ offset, length }) => isWithin(raw, offset, length))
        const result = normaliseText(raw, entities)
        expect(result.text).toBe(result.text.trim())
        for (const [index, { offset, length }] of result.entities.entries()) {
          expect(length).toBeGreaterThan(0)
          expect(isWithin(result.text, offset, length)).toBe(true)
          expect(offset).toBeGreaterThanOrEqual(result.entities[index - 1]?.offset ?? 0)
        }
      }),
    )
  })
})

describe('isWithin', () => {
  it('refuses what lies outside or cuts a surrogate pair', () => {
    expect(isWithin('a🙂b', 1, 2)).toBe(true)
    expect(isWithin('a🙂b', 1, 1)).toBe(false)
    expect(isWithin('a🙂b', 2, 2)).toBe(false)
    expect(isWithin('ab', 1, 2)).toBe(false)
    expect(isWithin('ab', -1, 1)).toBe(false)
  })
})

describe('mergeDetected', () => {
  it('adds only where the sender marked nothing of the kind', () => {
    const link = plainEntity('TextUrl', 0, 5)
    const merged = mergeDetected(
      [link, bold(0, 12)],
      [plainEntity('Url', 2, 3), plainEntity('Hashtag', 6, 4)],
    )
    expect(places(merged)).toEqual([
      ['Bold', 0, 12],
      ['TextUrl', 0, 5],
      ['Hashtag', 6, 4],
    ])
  })
})

it('tells texts without anything to see', () => {
  expect(isInvisible('\u200b \u2060\n')).toBe(true)
  expect(isInvisible('')).toBe(true)
  expect(isInvisible('\u200b.')).toBe(false)
})
