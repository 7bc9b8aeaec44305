import { expect, it } from 'vitest'
import { emojiIn, plainEmoji } from './emoji.ts'

it('takes a text apart into its emoji', () => {
  expect(emojiIn('😀')).toEqual(['😀'])
  expect(emojiIn('👩‍👩‍👧❤️🇩🇪3️⃣👍🏽')).toEqual(['👩‍👩‍👧', '❤️', '🇩🇪', '3️⃣', '👍🏽'])
})

it.each(['', 'cat', '😀 ', '😀a', '1', '😀'.repeat(21)])('refuses %j', (text) => {
  expect(() => emojiIn(text)).toThrow('STICKER_EMOJI_INVALID')
})

it('does not tell emoji apart by the selector of their form', () => {
  expect(plainEmoji('❤️')).toBe(plainEmoji('❤'))
})
