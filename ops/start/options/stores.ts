import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import type { OptionsOf } from './fields.ts'
import { commaSeparated, someOf } from './types.ts'

const MAX_PARTITIONS = 256
const ADDRESS = /^(\[[0-9a-fA-F:]+\]|[^\s:]+):\d{1,5}$/
const url = (example: string) => z.url(`expected a URL, such as ${example}`).optional()

/** Which stores a process works on. Either none of the five servers is named (embedded stores in `data`), or all are. */
export const STORE_FIELDS = {
  data: {
    value: '<dir>',
    description: 'directory of keys and, with embedded stores, of all data (made on first start)',
    type: z
      .string()
      .min(1)
      .default(join(homedir(), '.heliograph'))
      .transform((dir) => resolve(dir)),
  },
  servers: {
    value: '<file>',
    description: 'file that names the five servers, as `heliograph stack` writes it',
    type: z.string().min(1).optional(),
  },
  kafka: {
    value: '<list>',
    description: 'Kafka brokers, host:port, comma-separated',
    type: someOf('expected HOST:PORT, such as 127.0.0.1:9092', ADDRESS),
  },
  cassandra: {
    value: '<list>',
    description: 'Cassandra nodes, host:port, comma-separated',
    type: someOf('expected HOST:PORT, such as 127.0.0.1:9042', ADDRESS),
  },
  redis: {
    value: '<list>',
    description: 'Redis node or cluster nodes, redis://host:port, comma-separated',
    type: someOf('expected a URL, such as redis://127.0.0.1:6379', /^rediss?:\/\/\S+$/),
  },
  seaweedfs: {
    value: '<url>',
    description: "URL of SeaweedFS's filer",
    type: url('http://127.0.0.1:8888'),
  },
  registry: {
    value: '<url>',
    description: 'URL of a schema registry (Confluent’s API)',
    type: url('http://127.0.0.1:8081'),
  },
  namespace: {
    value: '<name>',
    description: 'prefix of topics, keyspace, cache keys, blobs and schema subjects on shared servers',
    type: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,31}$/, 'expected at most 32 of a-z, 0-9 and _, a letter first')
      .default('heliograph'),
  },
  datacenter: {
    value: '<name>',
    description: "Cassandra's name of the local data centre",
    type: z.string().min(1).default('datacenter1'),
  },
  otherMasters: {
    value: '<files>',
    description: 'master keys to read with besides master.key, comma-separated, while it is being changed',
    type: commaSeparated,
  },
  partitions: {
    value: '<n>',
    description: 'partitions per topic, fixed when the data is made; 1 with embedded stores, 8 with servers',
    type: z.coerce.number().int().min(1).max(MAX_PARTITIONS).optional(),
  },
  logLevel: {
    value: '<level>',
    description: 'debug, info, warn, error or silent',
    type: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  },
} as const

export type StoreOptions = OptionsOf<typeof STORE_FIELDS>
