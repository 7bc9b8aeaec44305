import { z } from 'zod'
import { type OptionsOf, parseOptions } from './fields.ts'
import { OBSERVE_FIELDS } from './observe.ts'
import { STORE_FIELDS } from './stores.ts'
import { commaSeparated, hostPort } from './types.ts'

export const DEFAULT_TCP = '127.0.0.1:2443'
export const DEFAULT_HTTP = '127.0.0.1:2080'
const DEFAULT_WARM_UP_SECONDS = 2
const MAX_WARM_UP_SECONDS = 60
const MAX_CLIENTS_PER_ADDRESS = 1_000_000
/** The actor kinds, by the names of their consumer groups. */
export const ACTOR_GROUPS = ['account', 'message', 'notification', 'media'] as const

export const GATEWAY_FIELDS = {
  tcp: {
    value: '<host:port>',
    description: 'address for MTProto over TCP; port 0 picks a free one',
    type: hostPort.prefault(DEFAULT_TCP),
  },
  http: {
    value: '<host:port>',
    description: 'address for WebSocket and HTTP; port 0 picks a free one',
    type: hostPort.prefault(DEFAULT_HTTP),
  },
  advertise: {
    value: '<host>',
    description: 'address that clients are told to come to, where it is not the one that is listened on',
    type: z.string().min(1).optional(),
  },
  endpoints: {
    value: '<file>',
    description: 'where to write the addresses; <data>/endpoints.json unless given',
    type: z.string().min(1).optional(),
  },
  dcId: {
    value: '<n>',
    description: 'data centre id that clients know this server by',
    type: z.coerce.number().int().min(1).max(1000).default(2),
  },
  loginCode: {
    value: '<code>',
    description: 'a fixed log-in code, for tests and development only',
    type: z
      .string()
      .regex(/^\d{3,8}$/, 'a log-in code has 3 to 8 digits')
      .optional(),
  },
  smtp: {
    value: '<url>',
    description:
      'mail server for codes, smtp[s]://user:password@host:port?from=address; none: they are shown',
    type: z
      .url({ protocol: /^smtps?$/, error: 'expected a URL, such as smtps://user:password@mail.example.org' })
      .optional(),
  },
  fetchUrls: {
    description:
      'fetch files that clients name by their address, and pages for previews of links, from public addresses only',
    type: z.union([z.boolean(), z.stringbool()]).default(false),
  },
  origins: {
    value: '<list>',
    description: 'comma-separated origins that browsers may connect from',
    type: commaSeparated,
  },
  /** Proxies whose word about the address of a WebSocket or HTTP client is taken. */
  trustedProxies: {
    value: '<list>',
    description: 'comma-separated addresses of proxies whose X-Forwarded-For is believed',
    type: commaSeparated,
  },
  /** Connections that one address may hold, and, in proportion, keys that it may make; undefined: the default of the mode. */
  clientsPerAddress: {
    value: '<n>',
    description: 'connections that one address may hold; raise it behind a proxy',
    type: z.coerce.number().int().min(1).max(MAX_CLIENTS_PER_ADDRESS).optional(),
  },
  /** Seconds of the server's own messages before it is ready; 0 for none. */
  warmUp: {
    value: '<seconds>',
    description: 'talk to itself so long before it is ready, so that the first messages are fast (0: not)',
    type: z.coerce.number().min(0).max(MAX_WARM_UP_SECONDS).default(DEFAULT_WARM_UP_SECONDS),
  },
} as const

export const ACTORS_FIELDS = {
  groups: {
    value: '<list>',
    description: `which actors run here: ${ACTOR_GROUPS.join(', ')}; all unless given`,
    type: commaSeparated
      .transform((list) => (list.length === 0 ? [...ACTOR_GROUPS] : list))
      .pipe(z.array(z.enum(ACTOR_GROUPS, `expected some of ${ACTOR_GROUPS.join(', ')}`))),
  },
} as const

/** Options of each role. */
export const GATEWAY_ROLE_FIELDS = { ...STORE_FIELDS, ...GATEWAY_FIELDS, ...OBSERVE_FIELDS } as const
export const ACTORS_ROLE_FIELDS = { ...STORE_FIELDS, ...ACTORS_FIELDS, ...OBSERVE_FIELDS } as const
export const START_FIELDS = { ...GATEWAY_ROLE_FIELDS, ...ACTORS_FIELDS } as const

export type GatewayOptions = OptionsOf<typeof GATEWAY_FIELDS>
export type ActorsOptions = OptionsOf<typeof ACTORS_FIELDS>
export type GatewayRoleOptions = OptionsOf<typeof GATEWAY_ROLE_FIELDS>
export type ActorsRoleOptions = OptionsOf<typeof ACTORS_ROLE_FIELDS>
export type StartOptions = OptionsOf<typeof START_FIELDS>

/** Options of a whole messenger in one process; see `parseOptions`. */
export const parseStartOptions = (
  flags: Record<string, unknown>,
  environment: NodeJS.ProcessEnv,
): StartOptions => parseOptions(START_FIELDS, flags, environment)
