import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RowOf, TableDeclaration } from './table.ts'
import { TableMismatch, type Tables } from './tables.ts'

/** How a suite gets tables under test, with nothing in them. */
export interface TablesHarness {
  readonly tables: Tables
  /** Moves their clock (milliseconds since 1970). Left out where they keep real time. */
  setNow?(ms: number): void
  /** Closes them and opens what they kept. */
  reopen(): Promise<Tables>
  dispose(): Promise<void>
}

const TTL_SECONDS = 2
const LIVES_MS = (TTL_SECONDS - 1) * 1000

const everything = {
  name: 'everything',
  columns: {
    id: 'bigint',
    name: 'text',
    small: 'int',
    big: 'bigint',
    wide: 'int64',
    yes: 'boolean',
    blob: 'blob',
    ints: 'list<int>',
    bigs: 'list<bigint>',
    texts: 'list<text>',
  },
  partitionKey: ['id'],
  clusteringKey: ['name', 'small'],
} as const satisfies TableDeclaration
const single = {
  name: 'single',
  columns: { key: 'text', value: 'int' },
  partitionKey: ['key'],
  clusteringKey: [],
} as const satisfies TableDeclaration
const wide = {
  name: 'wide',
  columns: { a: 'text', wide: 'int64', n: 'bigint', value: 'int' },
  partitionKey: ['a', 'wide'],
  clusteringKey: ['n'],
} as const satisfies TableDeclaration
const shortLived = {
  name: 'short_lived',
  columns: { key: 'text', value: 'int' },
  partitionKey: ['key'],
  clusteringKey: [],
  ttlSeconds: TTL_SECONDS,
} as const satisfies TableDeclaration
const tablesOfSuite = [everything, single, wide, shortLived]

const START_MS = 1_700_000_000_000

/** What every `Tables` must do. */
export function describeTables(name: string, make: () => Promise<TablesHarness>): void {
  describe(`${name} as Tables`, () => {
    let harness: TablesHarness
    let tables: Tables
    beforeEach(async () => {
      harness = await make()
      harness.setNow?.(START_MS)
      tables = harness.tables
      await tables.create(tablesOfSuite)
    })
    afterEach(() => harness.dispose())

    const put = (key: string, value: number, writeTime: number, table: TableDeclaration = single) =>
      tables.apply([{ kind: 'upsert', table, row: { key, value } }], writeTime)
    const remove = (key: string, writeTime: number) =>
      tables.apply([{ kind: 'delete', table: single, key: { key } }], writeTime)
    const value = async (key: string, table: TableDeclaration = single) =>
      (await tables.get(table, { key }))?.value
    const full: RowOf<typeof everything> = {
      id: 2 ** 53 - 1,
      name: 'Zoë \u0000 🦊',
      small: -(2 ** 31),
      big: -(2 ** 53) + 1,
      wide: -(2n ** 63n),
      yes: false,
      blob: Buffer.from([0, 1, 255]),
      ints: [1, -2, 2 ** 31 - 1],
      bigs: [2 ** 53 - 1, -5],
      texts: ['', 'ä', 'x'.repeat(300)],
    }

    describe('rows', () => {
      it('come back whole, with every type of column', async () => {
        const other = { ...full, name: '', yes: true, ints: [], blob: Buffer.alloc(5000, 3) }
        await tables.apply(
          [
            { kind: 'upsert', table: everything, row: full },
            { kind: 'upsert', table: everything, row: other },
          ],
          1,
        )
        expect(await tables.get(everything, full as never)).toStrictEqual(full)
        expect(await tables.get(everything, other as never)).toStrictEqual(other)
      })

      it('have null where a column is absent', async () => {
        await tables.apply([{ kind: 'upsert', table: everything, row: { id: 1, name: 'n', small: 2 } }], 1)
        const row = await tables.get(everything, { id: 1, name: 'n', small: 2 })
        expect(row).toStrictEqual({
          ...{ id: 1, name: 'n', small: 2, big: null, wide: null, yes: null },
          ...{ blob: null, ints: null, bigs: null, texts: null },
        })
      })

      it('replace the row before as a whole', async () => {
        await tables.apply([{ kind: 'upsert', table: everything, row: full }], 1)
        const { id, name, small } = full
        await tables.apply([{ kind: 'upsert', table: everything, row: { id, name, small } }], 2)
        expect((await tables.get(everything, { id: id!, name: name!, small: small! }))?.big).toBeNull()
      })

      it('hide what an older write had in a column that a newer one leaves out, whichever comes first', async () => {
        const { id, name, small } = full
        const key = { id: id!, name: name!, small: small! }
        const upsert = (row: object, writeTime: number) =>
          tables.apply([{ kind: 'upsert', table: everything, row: { ...key, ...row } }], writeTime)
        await upsert({ big: 1, texts: ['kept'] }, 10)
        await upsert({ ...full, big: 5, texts: null }, 5)
        const expected = {
          big: 1,
          wide: null,
          yes: null,
          blob: null,
          ints: null,
          bigs: null,
          texts: ['kept'],
        }
        expect(await tables.get(everything, key)).toStrictEqual({ ...key, ...expected })
        await upsert({ yes: true, ints: [] }, 11)
        await upsert({ ...full }, 8)
        expect(await tables.range(everything, { id: key.id }, { limit: 5 })).toStrictEqual([
          { ...key, ...expected, big: null, texts: null, yes: true, ints: [] },
        ])
        await upsert(full, 12)
        expect(await tables.getMany([{ table: everything, key }])).toStrictEqual([full])
      })

      it('belong to the caller: changing one changes nothing stored', async () => {
        const row = { key: 'a', value: 1 }
        await tables.apply([{ kind: 'upsert', table: single, row }], 1)
        row.value = 2
        const read = await tables.get(single, { key: 'a' })
        read!.value = 3
        expect(await value('a')).toBe(1)
      })

      it('are answered in the order of the references', async () => {
        await put('a', 1, 1)
        await tables.apply([{ kind: 'upsert', table: wide, row: { a: 'x', wide: 5n, n: 1, value: 9 } }], 1)
        const refs = [
          { table: single, key: { key: 'none' } },
          { table: wide, key: { a: 'x', wide: 5n, n: 1 } },
          { table: single, key: { key: 'a' } },
        ]
        const rows = await tables.getMany(refs)
        expect(rows.map((row) => row?.value)).toEqual([undefined, 9, 1])
      })

      it('are answered as often as they are asked for, of many keys and partitions', async () => {
        const upsert = (n: number, a: string) =>
          ({ kind: 'upsert', table: wide, row: { a, wide: -1n, n, value: n } }) as const
        const numbers = Array.from({ length: 120 }, (_, n) => n)
        await tables.apply(
          numbers.flatMap((n) => [upsert(n, 'x'), upsert(n + 1000, `p${n}`)]),
          1,
        )
        await put('a', 5, 1)
        const refOf = (n: number, a: string) => ({ table: wide, key: { a, wide: -1n, n } })
        const single5 = { table: single, key: { key: 'a' } }
        const refs = numbers.flatMap((n) => [
          refOf(n, 'x'),
          refOf(n + 1000, `p${n}`),
          refOf(n, 'none'),
          single5,
        ])
        const rows = await tables.getMany(refs)
        expect(rows.map((row) => row?.value)).toEqual(numbers.flatMap((n) => [n, n + 1000, undefined, 5]))
        rows[3]!.value = 6
        expect(rows[7]!.value).toBe(5)
        expect(await tables.getMany([])).toEqual([])
      })

      it('gives an entry for each absent row, which iteration does not pass over', async () => {
        const refs = [1, 2].map((wideValue) => ({
          table: wide,
          key: { a: 'nobody', wide: BigInt(wideValue), n: 1 },
        }))
        const seen: unknown[] = []
        ;(await tables.getMany(refs)).forEach((row) => void seen.push(row))
        expect(seen).toEqual([undefined, undefined])
      })
    })

    describe('the highest write time', () => {
      it('wins over later writes', async () => {
        await put('a', 1, 20)
        await put('a', 2, 10)
        expect(await value('a')).toBe(1)
        await put('a', 3, 21)
        expect(await value('a')).toBe(3)
      })

      it('lets the later of two writes of the same time win', async () => {
        await put('a', 1, 20)
        await put('a', 2, 20)
        expect(await value('a')).toBe(2)
      })

      it('holds for deletes, which win over a write of the same time', async () => {
        await put('a', 1, 20)
        await remove('a', 19)
        expect(await value('a')).toBe(1)
        await remove('a', 20)
        expect(await value('a')).toBeUndefined()
        await put('a', 2, 20)
        await put('a', 3, 5)
        expect(await value('a')).toBeUndefined()
        await put('a', 4, 21)
        expect(await value('a')).toBe(4)
      })

      it('holds for a row that was deleted before it was written', async () => {
        await remove('a', 7)
        await put('a', 1, 6)
        expect(await value('a')).toBeUndefined()
      })

      it('holds within one batch, in order', async () => {
        const upsert = (n: number) =>
          ({ kind: 'upsert', table: single, row: { key: 'a', value: n } }) as const
        await tables.apply([upsert(1), { kind: 'delete', table: single, key: { key: 'a' } }, upsert(2)], 3)
        expect(await value('a')).toBeUndefined()
      })

      it('lets the last of one batch win', async () => {
        const upsert = (n: number) =>
          ({ kind: 'upsert', table: single, row: { key: 'a', value: n } }) as const
        await tables.apply([upsert(9), upsert(1)], 3)
        expect(await value('a')).toBe(1)
      })

      it('orders writes that are under way at once', async () => {
        await Promise.all([put('a', 3, 3), put('a', 9, 1), put('a', 8, 2), remove('b', 5), put('b', 1, 4)])
        expect([await value('a'), await value('b')]).toEqual([3, undefined])
      })

      it('is remembered when opened again', async () => {
        await put('a', 1, 20)
        await remove('b', 20)
        tables = await harness.reopen()
        await tables.create(tablesOfSuite)
        await put('a', 2, 19)
        await put('b', 2, 19)
        expect([await value('a'), await value('b')]).toEqual([1, undefined])
      })

      it('may be as large as 2^53', async () => {
        await put('a', 1, 2 ** 53 - 1)
        await put('a', 2, 2 ** 53 - 2)
        expect(await value('a')).toBe(1)
      })
    })

    describe('a range', () => {
      const write = (numbers: number[], a = 'x', wideValue = 1n) =>
        tables.apply(
          numbers.map(
            (n) => ({ kind: 'upsert', table: wide, row: { a, wide: wideValue, n, value: 0 } }) as const,
          ),
          1,
        )
      const numbers = async (options: Parameters<Tables['range']>[2], a = 'x', wideValue = 1n) =>
        (await tables.range(wide, { a, wide: wideValue }, options)).map((row) => row.n)

      it('is in the order of the clustering column, both ways', async () => {
        const inOrder = [-(2 ** 53) + 1, -70_000, -1, 0, 1, 255, 256, 2 ** 32, 2 ** 53 - 1]
        await write([...inOrder].reverse())
        expect(await numbers({ limit: 100 })).toEqual(inOrder)
        expect(await numbers({ limit: 100, descending: true })).toEqual([...inOrder].reverse())
        expect(await numbers({ limit: 3, descending: true })).toEqual([...inOrder].reverse().slice(0, 3))
      })

      it('keeps to inclusive bounds, in key order whichever way it goes', async () => {
        await write([1, 2, 3, 4, 5, 6])
        expect(await numbers({ from: 2, to: 4, limit: 10 })).toEqual([2, 3, 4])
        expect(await numbers({ from: 2, to: 4, limit: 10, descending: true })).toEqual([4, 3, 2])
        expect(await numbers({ to: 3, limit: 2, descending: true })).toEqual([3, 2])
        expect(await numbers({ from: 5, limit: 10 })).toEqual([5, 6])
        expect(await numbers({ from: 7, limit: 10 })).toEqual([])
        expect(await numbers({ from: 4, to: 2, limit: 10 })).toEqual([])
      })

      it('keeps to its partition', async () => {
        await write([1, 2])
        await write([3], 'x', 2n)
        await write([4], 'x\u0000', 1n)
        await write([5], 'xx', 1n)
        await write([6], 'w', 1n)
        expect(await numbers({ limit: 10 })).toEqual([1, 2])
        expect(await numbers({ limit: 10 }, 'x\u0000')).toEqual([4])
      })

      it('sees writes and deletes at once, and counts only what is there', async () => {
        await write([1, 2, 3, 4])
        await tables.apply([{ kind: 'delete', table: wide, key: { a: 'x', wide: 1n, n: 2 } }], 2)
        await write([5])
        expect(await numbers({ limit: 3 })).toEqual([1, 3, 4])
        expect(await numbers({ limit: 2, descending: true })).toEqual([5, 4])
      })

      it('sorts text by its UTF-8 bytes, prefixes first', async () => {
        const names = ['', 'a', 'a\u0000', 'a\u0000b', 'aa', 'b', 'ä', '🦊']
        const rows = [...names].reverse().map((text) => ({ id: 1, name: text, small: 0 }))
        await tables.apply(
          rows.map((row) => ({ kind: 'upsert', table: everything, row }) as const),
          1,
        )
        const read = async (options: { from?: string; to?: string }) =>
          (await tables.range(everything, { id: 1 }, { ...options, limit: 50 })).map((row) => row.name)
        expect(await read({})).toEqual(names)
        expect(await read({ from: 'a', to: 'a' })).toEqual(['a'])
        expect(await read({ from: 'a\u0000', to: 'b' })).toEqual(['a\u0000', 'a\u0000b', 'aa', 'b'])
      })

      it('goes down to leading clustering columns', async () => {
        const row = (text: string, small: number) =>
          ({ kind: 'upsert', table: everything, row: { id: 1, name: text, small } }) as const
        await tables.apply([row('a', 2), row('a', -1), row('b', 0), row('a', 7)], 1)
        const read = async (options: { from?: number; to?: number }) =>
          (await tables.range(everything, { id: 1, name: 'a' }, { ...options, limit: 50 })).map(
            (r) => r.small,
          )
        expect(await read({})).toEqual([-1, 2, 7])
        expect(await read({ from: 0, to: 2 })).toEqual([2])
      })
    })

    it('scans all rows of one table', async () => {
      const keys = Array.from({ length: 500 }, (_, i) => `k${i}`)
      await tables.apply(
        keys.map((key, i) => ({ kind: 'upsert', table: single, row: { key, value: i } }) as const),
        1,
      )
      await put('other', 1, 1, shortLived)
      await remove('k7', 2)
      const seen: string[] = []
      for await (const row of tables.scan(single)) seen.push(row.key!)
      expect(seen.sort()).toEqual(keys.filter((key) => key !== 'k7').sort())
    })

    it('lets rows of a table with a time to live vanish', async () => {
      let putAtMs = performance.now()
      /** A machine may stop for longer than a row lives; what was read by then has to be there. */
      const isInTime = () => harness.setNow !== undefined || performance.now() - putAtMs < LIVES_MS
      await put('a', 1, 1, shortLived)
      harness.setNow?.(START_MS + TTL_SECONDS * 1000 - 1)
      const living = await value('a', shortLived)
      if (isInTime()) expect(living).toBe(1)
      if (harness.setNow === undefined) await vanished('a')
      else await put('b', 2, 1, shortLived)
      harness.setNow?.(START_MS + TTL_SECONDS * 1000 + 1)
      expect(await value('a', shortLived)).toBeUndefined()
      putAtMs = performance.now()
      if (harness.setNow === undefined) await put('b', 2, 1, shortLived)
      const later = await value('b', shortLived)
      const seen: unknown[] = []
      for await (const row of tables.scan(shortLived)) seen.push(row.key)
      expect(seen).not.toContain('a')
      if (isInTime()) expect([later, seen]).toEqual([2, ['b']])
    })

    const vanished = (key: string) =>
      vi.waitFor(async () => expect(await value(key, shortLived)).toBeUndefined(), { timeout: 60_000 })

    it('keeps rows when opened again', async () => {
      await tables.apply([{ kind: 'upsert', table: everything, row: full }], 1)
      tables = await harness.reopen()
      await tables.create(tablesOfSuite)
      expect(await tables.get(everything, full as never)).toStrictEqual(full)
    })

    it('refuses a table of another shape, and a column that is not declared', async () => {
      const changed = { ...single, columns: { key: 'text', value: 'text' } } as const
      await expect(tables.create([changed])).rejects.toThrow(TableMismatch)
      await expect(tables.create([changed])).rejects.toThrow('single')
      const row = { key: 'a', value: 1, extra: 1 }
      await expect(tables.apply([{ kind: 'upsert', table: single, row }], 1)).rejects.toThrow('extra')
      await expect(put(undefined as never, 1, 1)).rejects.toThrow()
    })
  })
}
