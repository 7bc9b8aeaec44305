/** Which web pages may talk to the server. Requests without an origin do not come from a page of a browser. */
export interface OriginPolicy {
  /** True when any page may. */
  readonly open: boolean
  allows(origin: string): boolean
  /** The headers that let a page of this origin read an answer. */
  headers(origin: string): ReadonlyMap<string, string>
}

const PREFLIGHT_LIFETIME_S = 86_400

const COMMON: readonly [string, string][] = [
  ['access-control-allow-methods', 'POST, OPTIONS'],
  ['access-control-allow-headers', 'origin, content-type'],
  ['access-control-max-age', String(PREFLIGHT_LIFETIME_S)],
]

const OPEN: ReadonlyMap<string, string> = new Map([['access-control-allow-origin', '*'], ...COMMON])
const NONE: ReadonlyMap<string, string> = new Map()

/** `allowed` lists origins such as `https://example.org`; undefined allows all, which suits development. */
export function originPolicy(allowed: readonly string[] | undefined): OriginPolicy {
  if (allowed === undefined) return { open: true, allows: () => true, headers: () => OPEN }
  const origins = new Set(allowed.map((origin) => origin.toLowerCase()))
  const allows = (origin: string) => origin === '' || origins.has(origin.toLowerCase())
  const headersOf = (origin: string) =>
    new Map([['access-control-allow-origin', origin], ['vary', 'origin'], ...COMMON])
  return {
    open: false,
    allows,
    headers: (origin) => (origin !== '' && allows(origin) ? headersOf(origin) : NONE),
  }
}
