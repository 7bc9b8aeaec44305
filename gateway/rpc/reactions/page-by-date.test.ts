import { MemoryTables, reactorsByDate } from '@heliograph/storage'
import { beforeAll, describe, expect, it } from 'vitest'
import { pageByDate } from './page-by-date.ts'

const place = { chatId: 'c1', seq: 1 }
const COUNT = 450

describe('pages of who reacted', () => {
  const tables = new MemoryTables()
  beforeAll(async () => {
    await tables.create([reactorsByDate])
    // Many at the same second.
    const rows = Array.from({ length: COUNT }, (_, i) => ({
      kind: 'upsert' as const,
      table: reactorsByDate,
      row: { ...place, date: 1_000 + Math.floor(i / 300), userId: i, reactions: [i % 2 ? 'odd' : 'even'] },
    }))
    await tables.apply(rows, 1)
  })

  async function all(limit: number, wants: (userId: number) => boolean): Promise<number[]> {
    const found: number[] = []
    for (let offset: string | undefined; ; ) {
      const call = { limit, ...(offset !== undefined && { offset }) }
      const page = await pageByDate(tables, reactorsByDate, place, call, ({ userId }) => wants(userId!))
      found.push(...page.rows.map(({ userId }) => userId!))
      offset = page.nextOffset
      if (offset === undefined) return found
    }
  }

  it('give everybody once, newest first', async () => {
    const everybody = Array.from({ length: COUNT }, (_, i) => COUNT - 1 - i)
    expect(await all(100, () => true)).toEqual(everybody)
    expect(await all(7, () => true)).toEqual(everybody)
  })

  it('pass over those who said something else', async () => {
    expect(await all(50, (userId) => userId % 100 === 0)).toEqual([400, 300, 200, 100, 0])
  })

  it('begin anew where the offset is none of theirs', async () => {
    const page = await pageByDate(tables, reactorsByDate, place, { limit: 1, offset: 'nonsense' }, () => true)
    expect(page.rows[0]?.userId).toBe(COUNT - 1)
  })
})
