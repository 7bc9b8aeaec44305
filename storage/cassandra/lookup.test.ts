import { describe, expect, it } from 'vitest'
import type { AnyRow, RowRef, TableDeclaration } from '../table.ts'
import { Lookup, MAX_PARTITIONS_PER_LOOKUP, MAX_ROWS_PER_LOOKUP } from './lookup.ts'
import type { CassandraSession } from './session.ts'
import { StoredTable } from './stored-table.ts'

const users = new StoredTable('k', {
  name: 'users',
  columns: { name: 'text', value: 'int' },
  partitionKey: ['name'],
  clusteringKey: [],
})
const notes = new StoredTable('k', {
  name: 'notes',
  columns: { owner: 'text', id: 'int', value: 'int' },
  partitionKey: ['owner'],
  clusteringKey: ['id'],
})

interface Asked {
  readonly query: string
  readonly params: Buffer[]
}

/** Looks up against a server that has the rows of `refs`. */
async function lookUp(refs: readonly RowRef[], mayMix: boolean) {
  const asked: Asked[] = []
  const read = async (query: string, params: Buffer[]) => {
    asked.push({ query, params })
    const table = query.includes('notes') ? notes : users
    const own = refs.filter((ref) => ref.table === table.declaration && isAsked(table, ref, query, params))
    const rows = new Map(own.map(({ key }) => [table.layout.rowKey(key), { ...key, value: 1, absent: 0 }]))
    return { rows: [...rows.values()].reverse() }
  }
  const tableOf = (ref: RowRef) => (ref.table === notes.declaration ? notes : users)
  const session = { read } as unknown as CassandraSession
  return { answers: await new Lookup(session, refs, tableOf, mayMix).run(), asked }
}

function isAsked(table: StoredTable, ref: RowRef, query: string, params: Buffer[]): boolean {
  const key = table.keyParameters(ref.key)
  const last = key.pop()!
  if (!key.every((part, i) => part.equals(params[i]!))) return false
  return query.includes(' IN ') ? params.at(-1)!.includes(last) : params.at(-1)!.equals(last)
}

const of = (table: StoredTable, key: Record<string, string | number>): RowRef => ({
  table: table.declaration as TableDeclaration,
  key,
})
const user = (name: string) => of(users, { name })
const keyOf = (row: AnyRow | undefined) => row && (row.name ?? `${row.owner} ${row.id}`)

describe('a look-up', () => {
  const names = Array.from({ length: 20 }, (_, i) => `user ${i + 10}`)

  it('asks for several partitions at once where any node has all, and one by one elsewhere', async () => {
    for (const [mayMix, requests] of [
      [true, Math.ceil(20 / MAX_PARTITIONS_PER_LOOKUP)],
      [false, 20],
    ] as const) {
      const { answers, asked } = await lookUp(names.map(user), mayMix)
      expect(answers.map(keyOf)).toEqual(names)
      expect(asked.length).toBe(requests)
    }
  })

  it('asks for rows of one partition at once everywhere', async () => {
    const ids = Array.from({ length: MAX_ROWS_PER_LOOKUP + 5 }, (_, id) => id)
    const refs = ids.flatMap((id) => [
      of(notes, { owner: 'a', id }),
      of(notes, { owner: 'b', id: id + 1000 }),
    ])
    const { answers, asked } = await lookUp(refs, false)
    expect(answers.map(keyOf)).toEqual(ids.flatMap((id) => [`a ${id}`, `b ${id + 1000}`]))
    expect(asked.length).toBe(4)
  })

  it('asks once for what is wanted twice, and never for what cannot be', async () => {
    const { answers, asked } = await lookUp([user('a'), user(''), user('a')], true)
    expect(answers.map(keyOf)).toEqual(['a', undefined, 'a'])
    expect(answers[0]).not.toBe(answers[2])
    expect(asked).toEqual([{ query: users.selectRow, params: [Buffer.from('a')] }])
  })
})
