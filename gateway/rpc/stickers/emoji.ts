import { RpcError } from '@heliograph/schemas/tl'
import { MAX_EMOJI_PER_STICKER } from './limits.ts'

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })
/** Pictures, flags and keycaps. */
const EMOJI = /^(?:\p{Extended_Pictographic}|\p{Regional_Indicator}{2}|[#*0-9]\uFE0F?\u20E3)/u
const VARIATION = /\uFE0F/g

/** The emoji in a text of nothing else; 400 STICKER_EMOJI_INVALID. */
export function emojiIn(text: string): string[] {
  const emoji = [...segmenter.segment(text)].map(({ segment }) => segment)
  const areEmoji = emoji.every((each) => EMOJI.test(each))
  if (emoji.length === 0 || emoji.length > MAX_EMOJI_PER_STICKER || !areEmoji)
    throw new RpcError(400, 'STICKER_EMOJI_INVALID')
  return emoji
}

/** Emoji with and without the variation selector are the same. */
export const plainEmoji = (emoji: string): string => emoji.replace(VARIATION, '')
