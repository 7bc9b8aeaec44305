import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { detectEntities } from './detect.ts'

const found = (text: string) =>
  detectEntities(text)
    .sort((a, b) => a.offset - b.offset)
    .map(({ kind, offset, length }) => `${kind} ${text.slice(offset, offset + length)}`)

describe('detectEntities', () => {
  it.each([
    ['see https://example.com/x, ok', ['Url https://example.com/x']],
    ['go to example.com.', ['Url example.com']],
    ['(https://en.wikipedia.org/wiki/A_(b))', ['Url https://en.wikipedia.org/wiki/A_(b)']],
    ['tg://resolve?domain=a!', ['Url tg://resolve?domain=a']],
    ['http://localhost:8080/a', ['Url http://localhost:8080/a']],
    ['a file.unknowntld and 1.5 or e.g. this', []],
    ['президент.рф рулит', ['Url президент.рф']],
    ['mail a.b+c@example.com now', ['Email a.b+c@example.com']],
    ['hi @some_one, @b', ['Mention @some_one']],
    ['x@nobody is none', []],
    ['#tag #123 #тег2 a#b ##c', ['Hashtag #tag', 'Hashtag #тег2']],
    ['$USD and $usd and A$EUR', ['Cashtag $USD']],
    ['/start now/later /help@some_bot 1/2', ['BotCommand /start', 'BotCommand /help@some_bot']],
    ['call +1 (555) 123-4567 or +12', ['Phone +1 (555) 123-4567']],
    ['pay 4242 4242 4242 4242, not 4242 4242 4242 4243', ['BankCard 4242 4242 4242 4242']],
    ['5555555555554444', ['BankCard 5555555555554444']],
    ['1234567890123 or x4242424242424242', []],
    ['plain words, 42', []],
  ])('%s', (text, expected) => {
    expect(found(text)).toEqual(expected)
  })

  it('counts UTF-16 code units', () => {
    const [mention] = detectEntities('🧑‍🚀👍 @astronaut')
    expect(mention).toMatchObject({ kind: 'Mention', offset: 8, length: 10 })
  })

  it('stays within any text, and takes no long time for any', () => {
    const pieces = ['@', '#', '.', '/', '+', 'a.', 'http://', 'x@', '1', '🙂', ' ', ')', '(']
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 1200 }), (parts) => {
        const text = parts.join('')
        for (const { offset, length } of detectEntities(text)) {
          expect(length).toBeGreaterThan(0)
          expect(offset + length).toBeLessThanOrEqual(text.length)
        }
      }),
      { numRuns: 200 },
    )
    const before = process.cpuUsage()
    for (const hostile of [
      'a.'.repeat(2048),
      `${'a'.repeat(4096)}@`,
      '+1 '.repeat(1365),
      '/a'.repeat(2048),
      '4'.repeat(4096),
      '4 '.repeat(2048),
    ]) {
      detectEntities(hostile)
    }
    const { user, system } = process.cpuUsage(before)
    expect(user + system).toBeLessThan(1_000_000)
  })
})
