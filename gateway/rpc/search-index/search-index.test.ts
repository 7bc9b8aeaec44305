import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  FINGERPRINT_BYTES,
  fingerprintsOf,
  MAX_FINGERPRINTS,
  mayHave,
  soughtBy,
  wordKeyOf,
} from './fingerprints.ts'
import { halfSipHash, sipKeyOf } from './half-sip-hash.ts'
import { runsOf, tokensOf } from './tokens.ts'

const keyNamed = (name: string) =>
  wordKeyOf({ scope: 'x' as never, key: createHash('sha256').update(name).digest() })
const key = keyNamed('chat')
const finds = (text: string, query: string, with_ = key) =>
  mayHave(fingerprintsOf(with_, text), soughtBy(with_, tokensOf(query)))

it('hashes as the reference implementation of HalfSipHash-2-4 does', () => {
  // First vectors of the reference (key 00 01 … 07, input 00 01 …), of even lengths, since code units are two bytes.
  const sip = sipKeyOf(Buffer.from([0, 1, 2, 3, 4, 5, 6, 7]))
  const input = Buffer.from([0, 1, 2, 3, 4, 5]).toString('utf16le')
  const hex = [0, 1, 2, 3].map((length) => {
    const out = Buffer.alloc(4)
    out.writeInt32LE(halfSipHash(sip, input, length))
    return out.toString('hex')
  })
  expect(hex).toEqual(['a9359f5b', 'fa62a603', '2a6e4689', '5863fc23'])
})

describe('tokens', () => {
  it.each([
    ['One, two-three 4x_y', ['one', 'two', 'three', '4x_y']],
    ['Ärger ÉTÉ', ['arger', 'ete']],
    ['ПРИВЕТ, мир', ['привет', 'мир']],
    ['ﬁne ＡＢＣ', ['fine', 'abc']],
    ['北京 is big', ['北', '京', 'is', 'big']],
    ['ひらX', ['ひ', 'ら', 'x']],
    ['', []],
  ])('of %s', (text, tokens) => expect(tokensOf(text)).toEqual(tokens))

  it('come from a dictionary where words have no spaces', () => {
    expect(tokensOf('สวัสดีครับ').length).toBeGreaterThan(1)
  })

  it('of a query in such scripts must stand side by side', () => {
    expect(runsOf('北京 big')).toEqual(['北京'])
    expect(runsOf('plain')).toEqual([])
  })
})

describe('fingerprints', () => {
  const word = fc.stringMatching(/^[a-zа-я]{3,12}$/)
  it('never hide a message that has words with these beginnings', () => {
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 30 }),
        fc.nat(),
        fc.integer({ min: 1, max: 12 }),
        (words, at, length) => {
          const query = words[at % words.length]!.slice(0, length)
          expect(finds(words.join(' '), query)).toBe(true)
        },
      ),
    )
  })

  it('hide nearly all others', () => {
    const texts = Array.from(
      { length: 2000 },
      (_, i) =>
        `${createHash('md5').update(String(i)).digest('hex').replace(/\d/g, '')} one two three four five`,
    )
    const chance = texts.filter((text) => finds(text, 'lighthouse')).length
    expect(chance).toBeLessThan(3)
    expect(texts.filter((text) => finds(text, 'lig')).length).toBeLessThan(30)
  })

  it('say nothing without the key of the chat', () => {
    const packed = fingerprintsOf(key, 'the lighthouse keeper')
    expect(mayHave(packed, soughtBy(keyNamed('other chat'), ['lighthouse']))).toBe(false)
  })

  it('are three bytes for each distinct word, and none for very many', () => {
    expect(fingerprintsOf(key, 'a b a B')).toHaveLength(2 * FINGERPRINT_BYTES)
    expect(fingerprintsOf(key, '')).toHaveLength(0)
    const many = Array.from({ length: 2 * MAX_FINGERPRINTS }, (_, i) => `w${i}x${i}`).join(' ')
    expect(fingerprintsOf(key, many)).toBeNull()
    expect(mayHave(null, soughtBy(key, ['anything']))).toBe(true)
  })
})
