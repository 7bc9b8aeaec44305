import { isKnownTopLevelDomain } from './domains.ts'
import { type Entity, plainEntity } from './entity.ts'

/**
 * What a server finds in a text by itself: links, e-mail addresses, @mentions, #hashtags, $cashtags, /commands and phone
 * numbers, numbers of bank cards. Every pattern is linear in the text: no nested repetition.
 */
const LINK =
  /(?<![\p{L}\p{N}_@.\-/])((?:https?|ftp|tg|ton|tonsite):\/\/)?((?:[\p{L}\p{N}_-]{1,63}\.){1,10}[\p{L}\p{N}-]{2,63}|localhost|\d{1,3}(?:\.\d{1,3}){3})(:\d{1,5})?([/?#][^\s<>«»"“”‘’`]{0,2048})?/giu
const CUSTOM_LINK = /(?<![\p{L}\p{N}_@.\-/])(?:tg|ton|tonsite):\/\/[^\s<>«»"“”‘’`]{1,2048}/giu
const EMAIL =
  /(?<![\p{L}\p{N}_.+\-@/])[a-z0-9_.+-]{1,64}@((?:[a-z0-9-]{1,63}\.){1,8}([a-z]{2,24}))(?![\p{L}\p{N}_@])/giu
const MENTION = /(?<![\p{L}\p{N}_@./])@[a-z][a-z0-9_]{1,31}(?![\p{L}\p{N}_@])/giu
const HASHTAG =
  /(?<![\p{L}\p{N}_#@/&])#([\p{L}\p{M}\p{N}_·\u200c]{1,256})(?:@[a-z0-9_]{3,32})?(?![\p{L}\p{N}_#])/giu
const CASHTAG = /(?<![\p{L}\p{N}_$])\$(?:1INCH|[A-Z]{1,8})(?![\p{L}\p{N}_$])/gu
const COMMAND = /(?<![\p{L}\p{N}_/<>.])\/[a-z0-9_]{1,64}(?:@[a-z0-9_]{3,32})?(?![\p{L}\p{N}_/<>@])/giu
const PHONE = /(?<![\p{L}\p{N}_+])\+\d(?:[ ()-]{0,2}\d){6,14}(?![\p{L}\p{N}_])/gu
const CARD = /(?<![\p{L}\p{N}_+-])[2-6](?:[ -]?\d){12,18}(?![\p{L}\p{N}_-])/gu
/** Digits of the shortest number of a card. */
const MIN_CARD_DIGITS = 13

const DOT = 1
const AT = 2
const HASH = 4
const DOLLAR = 8
const SLASH = 16
const PLUS = 32
/** So many digits that there may be the number of a card. */
const DIGITS = 64
const LONGEST_ASCII = 128

const TRIGGERS = new Uint8Array(LONGEST_ASCII)
for (const [character, bit] of [
  ['.', DOT],
  ['@', AT],
  ['#', HASH],
  ['$', DOLLAR],
  ['/', SLASH],
  ['+', PLUS],
] as const) {
  TRIGGERS[character.charCodeAt(0)] = bit
}

/**
 * Finds entities in a text, in no particular order; they may overlap (an address inside a link). Offsets and lengths in
 * UTF-16 code units. A text without any of `.@#$/+`, and with few digits, costs one pass.
 */
export function detectEntities(text: string): Entity[] {
  const seen = triggersIn(text)
  if (seen === 0) return []
  const found: Entity[] = []
  if (seen & SLASH) addMatches(found, 'Url', CUSTOM_LINK, text, customLinkLength)
  if (seen & AT && seen & DOT) addMatches(found, 'Email', EMAIL, text, emailLength)
  if (seen & (DOT | SLASH)) addMatches(found, 'Url', LINK, text, linkLength)
  if (seen & AT) addMatches(found, 'Mention', MENTION, text)
  if (seen & HASH) addMatches(found, 'Hashtag', HASHTAG, text, hashtagLength)
  if (seen & DOLLAR) addMatches(found, 'Cashtag', CASHTAG, text)
  if (seen & SLASH) addMatches(found, 'BotCommand', COMMAND, text)
  if (seen & PLUS) addMatches(found, 'Phone', PHONE, text)
  if (seen & DIGITS) addMatches(found, 'BankCard', CARD, text, cardLength)
  return found
}

function triggersIn(text: string): number {
  let seen = 0
  let digits = 0
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code >= LONGEST_ASCII) continue
    seen |= TRIGGERS[code]!
    if (code >= ZERO && code <= NINE) digits += 1
  }
  return digits >= MIN_CARD_DIGITS ? seen | DIGITS : seen
}

const ZERO = 0x30
const NINE = 0x39

function addMatches(
  found: Entity[],
  kind: string,
  pattern: RegExp,
  text: string,
  lengthOf?: (match: RegExpMatchArray) => number,
): void {
  for (const match of text.matchAll(pattern)) {
    const length = lengthOf === undefined ? match[0].length : lengthOf(match)
    if (length > 0) found.push(plainEntity(kind, match.index, length))
  }
}

/** 0 where it is no link after all: no scheme and an unknown top-level domain. */
function linkLength(match: RegExpMatchArray): number {
  const [whole, scheme, host = '', port = '', path] = match
  if (scheme === undefined && !hasKnownDomain(host)) return 0
  if (path === undefined) return (scheme ?? '').length + host.length + port.length
  return withoutClosingPunctuation(whole)
}

function hasKnownDomain(host: string): boolean {
  return isKnownTopLevelDomain(host.slice(host.lastIndexOf('.') + 1))
}

const customLinkLength = (match: RegExpMatchArray): number => withoutClosingPunctuation(match[0])

const emailLength = (match: RegExpMatchArray): number =>
  isKnownTopLevelDomain(match[2] ?? '') ? match[0].length : 0

/** The last digit of a card's number proves the others (ISO/IEC 7812-1, the Luhn formula). */
function cardLength([whole]: RegExpMatchArray): number {
  const digits = [...whole.replace(/\D/g, '')].reverse().map(Number)
  const sum = digits.reduce((total, digit, place) => {
    const counted = place % 2 === 0 ? digit : digit * 2
    return total + (counted > 9 ? counted - 9 : counted)
  }, 0)
  return sum % 10 === 0 ? whole.length : 0
}

/** A tag needs something besides digits. */
const hashtagLength = (match: RegExpMatchArray): number =>
  /[^\p{N}_·\u200c]/u.test(match[1] ?? '') ? match[0].length : 0

/** A link does not take the full stop of its sentence along, nor a bracket that it did not open. */
function withoutClosingPunctuation(link: string): number {
  let end = link.length
  while (end > 0) {
    const last = link[end - 1]!
    if ('.,:;!?\'"…'.includes(last)) end -= 1
    else if (last === ')' && countOf(link, '(', end) < countOf(link, ')', end)) end -= 1
    else if (last === ']' && countOf(link, '[', end) < countOf(link, ']', end)) end -= 1
    else break
  }
  return end
}

function countOf(text: string, character: string, end: number): number {
  let count = 0
  for (let index = 0; index < end; index++) if (text[index] === character) count += 1
  return count
}
