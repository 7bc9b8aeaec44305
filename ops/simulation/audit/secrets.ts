import { ok } from 'node:assert/strict'
import { allTables } from '@heliograph/storage'
import { topicDefinitions } from '@heliograph/topics'
import { SECRET, SECRET_NAME, SECRET_PHONE } from '../clients/deeds.ts'
import { SECRET_KEY_PREFIX } from '../clients/device.ts'
import { LOGIN_CODE } from '../processes/roles.ts'
import type { World } from '../world/world.ts'

const SECRETS: readonly (readonly [string, Buffer])[] = [
  ['a message text', Buffer.from(SECRET)],
  ['a name', Buffer.from(SECRET_NAME)],
  ['a phone number', Buffer.from(SECRET_PHONE)],
  ['a log-in code', Buffer.from(LOGIN_CODE)],
  ['an auth key', SECRET_KEY_PREFIX],
]

/** Texts, names, numbers, codes and keys stand nowhere in clear: not in a record, a row, a publication or the cache. */
export async function auditSecrets(world: World): Promise<void> {
  assertNone('the log', recordsOf(world))
  assertNone('the bus', world.exchange.published)
  assertNone('the cache', world.cached)
  const keys: Buffer[] = []
  for await (const { wrapped } of world.keys.scan()) keys.push(wrapped)
  assertNone('the key store', keys)
  for (const table of allTables) {
    const cells: Buffer[] = []
    for await (const row of world.disk.tables.scan(table)) {
      for (const value of Object.values(row)) cells.push(bytesOf(value))
    }
    assertNone(`table ${table.name}`, cells)
  }
}

function recordsOf({ disk, plan }: World): Buffer[] {
  return topicDefinitions(plan.partitions).flatMap(({ name }) =>
    disk.log
      .partitions(name)
      .flatMap(({ records }) => records.flatMap(({ key, value }) => [Buffer.from(key), value])),
  )
}

function bytesOf(value: unknown): Buffer {
  return Buffer.isBuffer(value) ? value : Buffer.from(String(value))
}

function assertNone(where: string, parts: readonly Buffer[]): void {
  const all = Buffer.concat(parts)
  for (const [what, bytes] of SECRETS) ok(!all.includes(bytes), `${what} stands in clear in ${where}`)
}
