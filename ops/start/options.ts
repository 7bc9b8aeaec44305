import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'

export interface HostPort {
  readonly host: string
  readonly port: number
}
export interface StartOptions {
  readonly data: string
  readonly tcp: HostPort
  readonly http: HostPort
  readonly dcId: number
  readonly loginCode: string | undefined
  readonly origins: readonly string[]
  /** Proxies whose word about the address of a WebSocket or HTTP client is taken. */
  readonly trustedProxies: readonly string[]
  /** Connections that one address may hold, and, in proportion, keys that it may make; undefined: the default of the mode. */
  readonly clientsPerAddress: number | undefined
  readonly partitions: number
  /** Seconds of the server's own messages before it is ready; 0 for none. */
  readonly warmUp: number
  readonly logLevel: string
}

/** The options as a person names them: flags, or the environment variable beside each. */
export const OPTION_HELP = [
  ['--data <dir>', 'HELIOGRAPH_DATA', 'directory of the data (made on first start)'],
  ['--tcp <host:port>', 'HELIOGRAPH_TCP', 'address for MTProto over TCP; port 0 picks a free one'],
  ['--http <host:port>', 'HELIOGRAPH_HTTP', 'address for WebSocket and HTTP; port 0 picks a free one'],
  ['--dc-id <n>', 'HELIOGRAPH_DC_ID', 'data centre id that clients know this server by'],
  ['--login-code <code>', 'HELIOGRAPH_LOGIN_CODE', 'a fixed log-in code, for tests and development only'],
  ['--origins <list>', 'HELIOGRAPH_ORIGINS', 'comma-separated origins that browsers may connect from'],
  [
    '--trusted-proxies <list>',
    'HELIOGRAPH_TRUSTED_PROXIES',
    'comma-separated addresses of proxies whose X-Forwarded-For is believed',
  ],
  [
    '--clients-per-address <n>',
    'HELIOGRAPH_CLIENTS_PER_ADDRESS',
    'connections that one address may hold; raise it behind a proxy',
  ],
  ['--partitions <n>', 'HELIOGRAPH_PARTITIONS', 'partitions per topic; fixed when the data is made'],
  [
    '--warm-up <seconds>',
    'HELIOGRAPH_WARM_UP',
    'talk to itself so long before it is ready, so that the first messages are fast (0: not)',
  ],
  ['--log-level <level>', 'HELIOGRAPH_LOG_LEVEL', 'debug, info, warn, error or silent'],
] as const

export const DEFAULT_TCP = '127.0.0.1:2443'
export const DEFAULT_HTTP = '127.0.0.1:2080'
export const DEFAULT_PARTITIONS = 1
const MAX_PARTITIONS = 256
const DEFAULT_WARM_UP_SECONDS = 2
const MAX_WARM_UP_SECONDS = 60
const MAX_CLIENTS_PER_ADDRESS = 1_000_000

const hostPort = z
  .string()
  .regex(/^(\[[0-9a-fA-F:]+\]|[^\s:]+):\d{1,5}$/, 'expected HOST:PORT, such as 127.0.0.1:2443')
  .transform((value): HostPort => {
    const colon = value.lastIndexOf(':')
    return { host: value.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(value.slice(colon + 1)) }
  })
  .refine(({ port }) => port <= 65_535, 'a port is at most 65535')

const commaSeparated = z
  .string()
  .default('')
  .transform((list) =>
    list
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== ''),
  )

const schema = z.object({
  data: z
    .string()
    .min(1)
    .default(join(homedir(), '.heliograph'))
    .transform((dir) => resolve(dir)),
  tcp: hostPort.prefault(DEFAULT_TCP),
  http: hostPort.prefault(DEFAULT_HTTP),
  dcId: z.coerce.number().int().min(1).max(1000).default(2),
  loginCode: z
    .string()
    .regex(/^\d{3,8}$/, 'a log-in code has 3 to 8 digits')
    .optional(),
  origins: commaSeparated,
  trustedProxies: commaSeparated,
  clientsPerAddress: z.coerce.number().int().min(1).max(MAX_CLIENTS_PER_ADDRESS).optional(),
  partitions: z.coerce.number().int().min(1).max(MAX_PARTITIONS).default(DEFAULT_PARTITIONS),
  warmUp: z.coerce.number().min(0).max(MAX_WARM_UP_SECONDS).default(DEFAULT_WARM_UP_SECONDS),
  logLevel: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

/** An option with a value that cannot be used; the message is one line for a person. */
export class InvalidOption extends Error {}

/**
 * Flags win over environment variables, both over defaults.
 * @throws InvalidOption naming the option and what it expects
 */
export function parseStartOptions(
  flags: Record<string, unknown>,
  environment: NodeJS.ProcessEnv,
): StartOptions {
  const named = Object.fromEntries(
    OPTION_HELP.map(([flag, variable]) => [
      optionName(flag),
      flags[optionName(flag)] ?? environment[variable],
    ]),
  )
  const parsed = schema.safeParse(named)
  if (parsed.success) {
    const { loginCode, clientsPerAddress, ...rest } = parsed.data
    return { ...rest, loginCode, clientsPerAddress }
  }
  const issue = parsed.error.issues[0]
  const flag = String(issue?.path[0] ?? '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  throw new InvalidOption(`--${flag}: ${issue?.message ?? 'not usable'}`)
}

/** `--login-code <code>` → `loginCode`, as commander names it. */
function optionName(flag: string): string {
  const long = flag.slice(2).split(' ')[0] ?? ''
  return long.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
