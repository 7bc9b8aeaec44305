import { describe, expect, it } from 'vitest'
import { phones } from '../declarations/index.ts'
import { describeTables } from '../tables.contract.ts'
import { MemoryTables, MemoryTablesState } from './tables.ts'

describeTables('MemoryTables', async () => {
  const state = new MemoryTablesState()
  let nowMs = 0
  const make = () => new MemoryTables(state, () => nowMs)
  return {
    tables: make(),
    setNow: (ms) => {
      nowMs = ms
    },
    reopen: async () => make(),
    dispose: async () => undefined,
  }
})

describe('MemoryTables', () => {
  it('lets a fault stand in for a step or for its answer', async () => {
    const state = new MemoryTablesState()
    let crash: 'before' | 'after' | undefined
    const tables = new MemoryTables(state, Date.now, async (step) => {
      if (step.operation === 'apply' && step.when === crash) throw new Error('crash')
    })
    await tables.create([phones])
    const apply = () =>
      tables.apply([{ kind: 'upsert', table: phones, row: { phoneHmac: 'p', userId: 1 } }], 1)
    crash = 'before'
    await expect(apply()).rejects.toThrow('crash')
    expect(await tables.get(phones, { phoneHmac: 'p' })).toBeUndefined()
    crash = 'after'
    await expect(apply()).rejects.toThrow('crash')
    expect((await tables.get(phones, { phoneHmac: 'p' }))?.userId).toBe(1)
  })
})
