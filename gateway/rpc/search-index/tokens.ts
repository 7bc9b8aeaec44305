/** Letters that stand without spaces between words, each of which can be looked for by itself. */
const IDEOGRAPH = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]/u
/** Scripts without spaces whose words are found by a dictionary. */
const UNSPACED = /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const ANY_UNSPACED = new RegExp(`${IDEOGRAPH.source}|${UNSPACED.source}`, 'u')
const IDEOGRAPHS = new RegExp(`${IDEOGRAPH.source}|[^${IDEOGRAPH.source.slice(1, -1)}]+`, 'gu')

const ONLY_ASCII = /^[\0-\x7f]*$/
const ASCII_WORDS = /[a-z0-9_]+/g
const WORDS = /[\p{L}\p{N}_]+/gu

let segmenter: Intl.Segmenter | undefined

/** Lower case, compatibility forms made plain, without accents. */
export function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
}

/**
 * The words of a text, folded, as searches know them: runs of letters and digits; each ideograph and kana by itself; of scripts
 * without spaces the words that a dictionary finds.
 */
export function tokensOf(text: string): string[] {
  if (ONLY_ASCII.test(text)) return text.toLowerCase().match(ASCII_WORDS) ?? []
  const words = fold(text).match(WORDS) ?? []
  return words.some((word) => ANY_UNSPACED.test(word)) ? words.flatMap(divided) : words
}

function divided(word: string): readonly string[] {
  if (IDEOGRAPH.test(word)) return (word.match(IDEOGRAPHS) ?? []).flatMap(segments)
  return segments(word)
}

function segments(word: string): readonly string[] {
  if (!UNSPACED.test(word)) return [word]
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'word' })
  return Array.from(segmenter.segment(word), ({ segment }) => segment)
}

/** Runs of a query in scripts without spaces: they must stand in the text as they are, wherever words may end. */
export function runsOf(query: string): string[] {
  if (ONLY_ASCII.test(query)) return []
  return (fold(query).match(WORDS) ?? []).filter((word) => ANY_UNSPACED.test(word))
}

/** Whether a token is an ideograph, of which there are so many that one tells as much as several letters. */
export const isIdeograph = (token: string): boolean => token.charCodeAt(0) >= 0x2e80 && IDEOGRAPH.test(token)
