import { readFileSync } from 'node:fs'

const DEFAULT_CODE = 400

/** What the schema data says of a method. */
export interface MethodFacts {
  /** Names of the errors that it may raise; numbers in them are an X. */
  readonly errors: readonly string[]
  /** Of those whose code is another here than elsewhere. */
  readonly codes?: Readonly<Record<string, number>>
  readonly botsAllowed: boolean
  readonly usersAllowed: boolean
}

/** Reads a generated JSON file when it is first asked for, so that starting costs nothing. */
function lazyJson<T>(file: string): () => T {
  let value: T | undefined
  return () => {
    value ??= JSON.parse(readFileSync(new URL(`./generated/${file}`, import.meta.url), 'utf8')) as T
    return value
  }
}

/** Code of every known error by its name (`FLOOD_WAIT_X`: numbers in names are an X). */
export const errorCodes = lazyJson<Readonly<Record<string, number>>>('errors.json')
/** Facts of every method by its name. */
export const methodFacts = lazyJson<Readonly<Record<string, MethodFacts>>>('methods.json')

/**
 * The code of an error name, with or without numbers in it; 400 for a name that the data does not know.
 * @param method the method that raises it: some raise an error with another code than most do
 */
export function errorCode(name: string, method?: string): number {
  const codes = errorCodes()
  const own = method === undefined ? undefined : ownCode(method, name)
  return own ?? codes[name] ?? codes[name.replace(/(?<=_)\d+/g, 'X')] ?? DEFAULT_CODE
}

/** The code that this method alone, or with few others, gives an error; undefined where it is the one of `errorCodes`. */
export const ownCode = (method: string, name: string): number | undefined =>
  methodFacts()[method]?.codes?.[name]
