/** Which errors of which methods the tests name, read from the tests' text. */

/** A few begin with a digit: `2FA_CONFIRM_WAIT_%d`. */
const ERROR = /\b\d?[A-Z][A-Z0-9]*(?:_(?:[A-Z0-9]+|%d))+/g
const METHOD = /\b(?:[a-z]+\.)?[a-z][A-Za-z]+\b/g
const KEY = /'([a-z]+\.[a-z][A-Za-z]+)':/g
/** A test begins, or one that `ops/refusals/refuses.ts` makes. */
const TEST_BEGINS = /^ *(?=(?:it|test|refuses|refusesEach)(?:\.each)?\()/m
const IS_TEST = /^(?:it|test)(?:\.each)?\(/
/** `refuses('channels.editTitle', () => ({ CHAT_NOT_MODIFIED: …`: a test of the method with each of the errors. */
const REFUSES = /^refuses\(\s*'([^']+)'/
const ERROR_KEY = /(?:^ *|\{ )'?(\d?[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'?:/gm
/** `refusesEach('CHANNEL_INVALID', …, { 'channels.editTitle': …`: a test for each of the methods. */
const REFUSES_EACH = /^refusesEach\(\s*'([^']+)'/
/** `['channels.editTitle', 400, 'CHAT_NOT_MODIFIED'` or `{ method: …, error: … }`: a row of a table. */
const ROW =
  /'([a-z]+(?:\.[a-z]|[A-Z])[A-Za-z]+)'[^'`"\n()]{0,40}'(?:\d{3} )?(\d?[A-Z][A-Z0-9]*(?:_[A-Z0-9%]+)+)'/g

/** Errors are compared without the number that stands in some. */
export const stem = (error: string): string => error.replace(/_?(?:%d|\d+)$/, '')

export const errorsIn = (text: string): string[] => (text.match(ERROR) ?? []).map(stem)

/**
 * Every `method error` that one test names, its title included. Where a text holds a table of such pairs only its rows count: not
 * each method with each error. What stands before the first test of a file is no test, but may hold such a table.
 */
export function testedPairs(files: readonly string[]): Set<string> {
  const pairs = new Set<string>()
  for (const file of files) {
    for (const part of file.split(TEST_BEGINS)) {
      for (const pair of pairsOf(part)) pairs.add(pair)
    }
  }
  return pairs
}

function pairsOf(text: string): string[] {
  const one = REFUSES.exec(text)
  if (one !== null) return [...text.matchAll(ERROR_KEY)].map(([, error]) => `${one[1]} ${stem(error!)}`)
  const each = REFUSES_EACH.exec(text)
  if (each !== null) return [...text.matchAll(KEY)].map(([, method]) => `${method} ${stem(each[1]!)}`)
  const rows = [...text.matchAll(ROW)].map(([, method, error]) => `${method} ${stem(error!)}`)
  if (rows.length > 1 || !IS_TEST.test(text)) return rows
  const errors = new Set(errorsIn(text))
  if (errors.size === 0) return []
  const methods = new Set(text.match(METHOD) ?? [])
  return [...methods].flatMap((method) => [...errors].map((error) => `${method} ${error}`))
}
