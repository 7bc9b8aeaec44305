import { readData } from './sources.mjs'

/** Where the two differ, the codes of the earlier release are those that servers send: it comes last. */
const ERRORS = ['mtcute-core-228/tl/raw-errors.json', 'tl-223/raw-errors.json']
const METHODS = 'mtcute-core-228/tl/api-schema.json'

/** Codes that say why a call is refused. The others tell clients what to do about it, and are the same for each method. */
const REFUSALS = [400, 403, 406]

/** The specification writes `FLOOD_WAIT_%d`; callers name it `FLOOD_WAIT_X`. */
const errorName = (name) => name.replace('%d', 'X')
const sorted = (object) => Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)))

function errorCodes() {
  const codes = {}
  for (const source of ERRORS)
    for (const { name, code } of Object.values(readData(source).errors)) codes[errorName(name)] = code
  for (const { throws = [] } of readData(METHODS).e)
    for (const { name, code } of throws) codes[errorName(name)] ??= code
  return sorted(codes)
}

function factsOfMethods(codes) {
  const facts = {}
  for (const { kind, name, throws = [], available } of readData(METHODS).e) {
    if (kind !== 'method') continue
    const errors = throws.map((error) => errorName(error.name)).sort()
    const own = throws.filter((error) => hasOwnCode(error, codes[errorName(error.name)]))
    const ownCodes = sorted(Object.fromEntries(own.map((error) => [errorName(error.name), error.code])))
    facts[name] = {
      errors,
      ...(own.length > 0 && { codes: ownCodes }),
      botsAllowed: available !== 'user',
      usersAllowed: available !== 'bot',
    }
  }
  return sorted(facts)
}

const hasOwnCode = ({ code }, elsewhere) =>
  code !== elsewhere && REFUSALS.includes(code) && REFUSALS.includes(elsewhere)

/** The texts of two JSON files: error name to code, and what is known of each method. */
export function emitFacts() {
  const codes = errorCodes()
  return { errors: `${JSON.stringify(codes)}\n`, methods: `${JSON.stringify(factsOfMethods(codes))}\n` }
}
