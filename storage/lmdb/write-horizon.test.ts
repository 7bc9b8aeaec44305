import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { TableDeclaration } from '../table.ts'
import { StoreEnvironment } from './environment.ts'
import { LmdbTables } from './tables.ts'

const notes = {
  name: 'notes',
  columns: { id: 'int', text: 'text' },
  partitionKey: ['id'],
  clusteringKey: [],
} as const satisfies TableDeclaration

let directory: string
let environment: StoreEnvironment
let tables: LmdbTables

async function open(): Promise<void> {
  environment = await StoreEnvironment.open(directory)
  tables = new LmdbTables(environment)
  await tables.create([notes])
}
async function reopen(): Promise<void> {
  await tables.close()
  await environment.close()
  await open()
}
const write = (id: number, text: string, time: number) =>
  tables.apply([{ kind: 'upsert', table: notes, row: { id, text } }], time)
const textOf = async (id: number) => (await tables.get(notes, { id }))?.text

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'heliograph-horizon-'))
  await open()
})
afterEach(async () => {
  await tables.close()
  await environment.close()
  await rm(directory, { recursive: true })
})

it('keeps the newer row against an older write, in memory and on the disk', async () => {
  await write(1, 'new', 50)
  await write(2, 'other', 60)
  await write(1, 'old', 40)
  expect(await textOf(1)).toBe('new')
  await reopen()
  await write(1, 'older still', 45)
  await write(3, 'later than all', 10_000)
  await write(1, 'old again', 49)
  expect(await textOf(1)).toBe('new')
  await write(1, 'newest', 10_001)
  expect(await textOf(1)).toBe('newest')
})

it('lets a delete win within one application, whatever the order', async () => {
  await tables.apply(
    [
      { kind: 'delete', table: notes, key: { id: 1 } },
      { kind: 'upsert', table: notes, row: { id: 1, text: 'too late' } },
      { kind: 'upsert', table: notes, row: { id: 2, text: 'short-lived' } },
      { kind: 'delete', table: notes, key: { id: 2 } },
    ],
    70,
  )
  expect([await textOf(1), await textOf(2)]).toEqual([undefined, undefined])
})

it('remembers after a restart that something later may be there', async () => {
  await write(1, 'late', 5_000)
  await reopen()
  await write(1, 'early', 4_999)
  expect(await textOf(1)).toBe('late')
})
