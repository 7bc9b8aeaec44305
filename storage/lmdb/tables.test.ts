import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { describeTables } from '../tables.contract.ts'
import { StoreEnvironment } from './environment.ts'
import { LmdbTables } from './tables.ts'

const shortLived = {
  name: 'short_lived',
  columns: { key: 'text', value: 'int' },
  partitionKey: ['key'],
  clusteringKey: [],
  ttlSeconds: 10,
} as const

async function harness(afterWrite: (environment: StoreEnvironment) => Promise<void>) {
  const directory = mkdtempSync(join(tmpdir(), 'heliograph-tables-'))
  let nowMs = 0
  const start = async () => {
    const environment = await StoreEnvironment.open(directory)
    const tables = new LmdbTables(environment, () => nowMs)
    const apply = tables.apply.bind(tables)
    tables.apply = async (mutations, writeTime) => {
      await apply(mutations, writeTime)
      await afterWrite(environment)
    }
    return { environment, tables }
  }
  const stop = async () => {
    await current.tables.close()
    await current.environment.close()
  }
  let current = await start()
  return {
    tables: current.tables,
    /** Rows that are kept, expired ones included. */
    kept: () => [...current.environment.space('rows').range('\u0001', '\u00ff')].length,
    setNow: (ms: number) => {
      nowMs = ms
    },
    reopen: async () => {
      await stop()
      current = await start()
      return current.tables
    },
    dispose: async () => {
      await stop()
      rmSync(directory, { recursive: true })
    },
  }
}

describeTables('LmdbTables, with writes still queued,', () => harness(async () => undefined))
describeTables('LmdbTables, with writes committed,', () => harness((environment) => environment.barrier()))
describeTables('LmdbTables, with some of both,', () => {
  let writes = 0
  return harness(async (environment) => {
    if (++writes % 2 === 0) await environment.barrier()
  })
})

describe('LmdbTables', () => {
  it('sweeps what has expired from the disk, and only that', async () => {
    const { tables, setNow, reopen, kept, dispose } = await harness(async () => undefined)
    setNow(0)
    await tables.create([shortLived])
    const upsert = (key: string) => ({ kind: 'upsert', table: shortLived, row: { key, value: 1 } }) as const
    await tables.apply(['a', 'b', 'd'].map(upsert), 1)
    setNow(5_000)
    await tables.apply([upsert('c')], 1)
    const again = await reopen()
    await again.create([shortLived])
    setNow(12_000)
    await again.apply([upsert('d')], 2)
    expect(kept()).toBe(4)
    again.sweep()
    expect(kept()).toBe(2)
    const found = await again.getMany(
      ['a', 'b', 'c', 'd'].map((key) => ({ table: shortLived, key: { key } })),
    )
    expect(found.map((row) => row?.key)).toEqual([undefined, undefined, 'c', 'd'])
    await dispose()
  })
})

it('a scan leaves the event loop its turns, so that what is queued gets to the disk meanwhile', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'heliograph-tables-'))
  const environment = await StoreEnvironment.open(directory)
  const tables = new LmdbTables(environment)
  await tables.create([shortLived])
  const rows = Array.from({ length: 2_000 }, (_, i) => ({ key: `${i}`, value: i }))
  await tables.apply(
    rows.map((row) => ({ kind: 'upsert', table: shortLived, row })),
    1,
  )
  let turns = 0
  const count = () => {
    turns++
    counting = setImmediate(count)
  }
  let counting = setImmediate(count)
  let seen = 0
  for await (const _ of tables.scan(shortLived)) seen++
  clearImmediate(counting)
  expect(seen).toBe(rows.length)
  expect(turns).toBeGreaterThan(2)
  await tables.close()
  await environment.close()
  rmSync(directory, { recursive: true })
})
