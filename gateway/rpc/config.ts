import type { TokenBucket } from '@heliograph/storage'

/** Where clients reach this server; `help.getConfig` says it, and clients reconnect to what it says. */
export interface DataCentre {
  /** Number that clients file their auth key under. */
  readonly id: number
  /** IPv4 or IPv6 address, as clients see it. */
  readonly address: string
  readonly port: number
}

/** Classes of calls that share a flood limit. */
export type FloodClass =
  | 'default'
  | 'send'
  | 'file'
  | 'code'
  | 'phone'
  | 'sign-in'
  | 'resolve'
  | 'import'
  | 'profile'
export type FloodLimits = Readonly<Record<FloodClass, TokenBucket>>

export interface LoginCodeConfig {
  /** Every code is this one (development); undefined: random. */
  readonly fixed?: string
  readonly lifeSeconds: number
  readonly tries: number
}

/** Settings of the RPC layer, checked by whoever composes it. */
export interface GatewayConfig {
  /** Name of this node; unique among the running gateways. */
  readonly node: string
  readonly dataCentre: DataCentre
  /** Data-centre ids that are announced too, all at the same address, for clients that insist on several. */
  readonly otherDataCentreIds: readonly number[]
  readonly testMode: boolean
  /** How users are invited: `https://…`. */
  readonly publicUrl: string
  /** Whether files that clients name by their address are fetched. */
  readonly fetchesUrls?: boolean
  readonly loginCode: LoginCodeConfig
  readonly flood: FloodLimits
  /** For so long a session may do nothing to older ones of its account; 0: it may at once. */
  readonly freshSessionSeconds: number
}

export const CODE_LENGTH = 5
const CODE_LIFE_SECONDS = 300
const CODE_TRIES = 5
const FRESH_SESSION_SECONDS = 24 * 3600

/** What a public server allows. */
export const PUBLIC_FLOOD_LIMITS: FloodLimits = {
  default: { capacity: 300, refillPerSecond: 30 },
  send: { capacity: 60, refillPerSecond: 5 },
  // Parts of files, up and down: 512 KiB each, mostly.
  file: { capacity: 4000, refillPerSecond: 200 },
  code: { capacity: 5, refillPerSecond: 1 / 60 },
  // Codes for one number, whoever asks: each allows a few guesses.
  phone: { capacity: 10, refillPerSecond: 1 / 600 },
  'sign-in': { capacity: 10, refillPerSecond: 1 / 30 },
  resolve: { capacity: 50, refillPerSecond: 0.5 },
  import: { capacity: 20, refillPerSecond: 0.1 },
  profile: { capacity: 20, refillPerSecond: 0.1 },
}

const GENEROUS: TokenBucket = { capacity: 1_000_000, refillPerSecond: 1_000_000 }

/** What a developer's own server allows: tests and load generators must not be held up. */
export const GENEROUS_FLOOD_LIMITS: FloodLimits = {
  default: GENEROUS,
  send: GENEROUS,
  file: GENEROUS,
  code: GENEROUS,
  phone: GENEROUS,
  'sign-in': GENEROUS,
  resolve: GENEROUS,
  import: GENEROUS,
  profile: GENEROUS,
}

/** Whether this server is announced as that data centre. */
export const isOwnCentre = ({ dataCentre, otherDataCentreIds }: GatewayConfig, dcId: number): boolean =>
  dcId === dataCentre.id || otherDataCentreIds.includes(dcId)

/** Defaults for a server at `dataCentre`; a fixed code makes it a development server with generous limits. */
export function gatewayConfig(options: {
  readonly node: string
  readonly dataCentre: DataCentre
  readonly fixedCode?: string
  readonly testMode?: boolean
  readonly publicUrl?: string
  readonly fetchesUrls?: boolean
}): GatewayConfig {
  const { dataCentre, fixedCode } = options
  return {
    node: options.node,
    dataCentre,
    otherDataCentreIds: [],
    testMode: options.testMode ?? false,
    fetchesUrls: options.fetchesUrls ?? false,
    publicUrl: options.publicUrl ?? `http://${dataCentre.address}:${dataCentre.port}`,
    loginCode: {
      ...(fixedCode === undefined ? {} : { fixed: fixedCode }),
      lifeSeconds: CODE_LIFE_SECONDS,
      tries: CODE_TRIES,
    },
    flood: fixedCode === undefined ? PUBLIC_FLOOD_LIMITS : GENEROUS_FLOOD_LIMITS,
    freshSessionSeconds: fixedCode === undefined ? FRESH_SESSION_SECONDS : 0,
  }
}
