import type { ServerSpec } from '../spec.ts'
import type { ServerName } from '../versions.ts'
import { cassandra } from './cassandra.ts'
import { kafka } from './kafka.ts'
import { redis } from './redis.ts'
import { registry } from './registry.ts'
import { seaweedfs } from './seaweedfs.ts'

export const SPECS: Readonly<Record<ServerName, ServerSpec>> = {
  kafka,
  cassandra,
  redis,
  seaweedfs,
  registry,
}
