import { types } from 'cassandra-driver'
import { describe, expect, it } from 'vitest'
import { allTables } from '../declarations/index.ts'
import type { TableDeclaration } from '../table.ts'
import { createTable } from './cql.ts'
import { encodeWriteTime, StoredTable } from './stored-table.ts'

const table = {
  name: 'notes',
  columns: { zeta: 'int', owner: 'bigint', id: 'int', text: 'text', Alpha: 'list<bigint>' },
  partitionKey: ['owner'],
  clusteringKey: ['id'],
  ttlSeconds: 60,
} as const satisfies TableDeclaration
const stored = new StoredTable('k', table)
const time = encodeWriteTime(7)
const bigint = (value: bigint) => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(value)
  return bytes
}
const int = (value: number) => bigint(BigInt(value)).subarray(4)

describe('a stored table', () => {
  it('has the statements that its declaration means', () => {
    expect(createTable('k', table, 'x')).toBe(
      'CREATE TABLE IF NOT EXISTS "k"."notes" ("zeta" int, "owner" bigint, "id" int, "text" text, "Alpha" frozen<list<bigint>>, "absent" int, PRIMARY KEY (("owner"), "id")) WITH ID = x AND default_time_to_live = 60',
    )
    expect(stored.insert).toBe(
      'INSERT INTO "k"."notes" ("owner", "id", "Alpha", "text", "zeta", "absent") VALUES (?, ?, ?, ?, ?, ?) USING TIMESTAMP ?',
    )
    expect(stored.delete).toBe('DELETE FROM "k"."notes" USING TIMESTAMP ? WHERE "owner" = ? AND "id" = ?')
    const shape = { fixed: 1, hasFrom: true, hasTo: true, descending: true }
    expect(stored.selectRange(shape)).toMatch(
      / WHERE "owner" = \? AND "id" >= \? AND "id" <= \? ORDER BY "id" DESC LIMIT \?$/,
    )
  })

  it('leaves null columns out and names them by their bits', () => {
    expect(stored.insertParameters({ owner: -1, id: 2, text: 'ä', zeta: null }, time)).toEqual([
      ...[bigint(-1n), int(2), types.unset, Buffer.from('ä'), types.unset, int(0b101), bigint(7n)],
    ])
  })

  it('reads a column as null where the newest write left it out, whatever is still there', () => {
    const found = { zeta: 5, owner: types.Long.fromNumber(2 ** 53 - 1), id: 1, text: 'old' }
    const row = stored.decode({ ...found, Alpha: [types.Long.fromNumber(-5)], absent: 0b010 })
    expect(row).toStrictEqual({ zeta: 5, owner: 2 ** 53 - 1, id: 1, text: null, Alpha: [-5] })
  })

  it('refuses what is not declared or of another type, and names it', () => {
    const refused = (row: object) => () => stored.insertParameters({ owner: 1, id: 1, ...row }, time)
    expect(refused({ other: 1 })).toThrow('table notes has no column other')
    expect(refused({ text: 1 })).toThrow('notes.text: not a text')
    expect(refused({ zeta: 2 ** 31 })).toThrow('notes.zeta: not an int')
    expect(refused({ Alpha: [1.5] })).toThrow('notes.Alpha: not a whole number')
    expect(refused({ id: undefined })).toThrow('notes.id')
    const reserved = { ...table, columns: { ...table.columns, absent: 'int' } } as const
    expect(() => new StoredTable('k', reserved)).toThrow('absent')
  })

  it('can be made of every declaration', () => {
    expect(allTables.map((each) => new StoredTable('k', each).insert.length > 0)).not.toContain(false)
  })
})
