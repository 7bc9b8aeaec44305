import { checkpoints, MemoryTables } from '@heliograph/storage'
import { beforeEach, expect, it } from 'vitest'
import { Claim } from './claim.ts'
import { Superseded } from './ownership.ts'
import type { Assignment, Ports } from './ports.ts'

const AT: Assignment = { group: 'notification', topic: 'mailbox.events', partition: 3 }
let tables: MemoryTables
beforeEach(async () => {
  tables = new MemoryTables()
  await tables.create([checkpoints])
})

const take = (owner: string, more: Partial<MemoryTables> = {}) => {
  const seen = {
    get: tables.get.bind(tables),
    apply: tables.apply.bind(tables),
    ...more,
  }
  return Claim.take({ tables: seen, owner } as unknown as Ports, AT)
}

it('stands until another owner claims, whatever the first one does', async () => {
  const first = await take('first')
  await first.confirm()
  const second = await take('second')
  await expect(first.confirm()).rejects.toThrow(Superseded)
  await second.confirm()
  const again = await take('first')
  await again.confirm()
  await expect(second.confirm()).rejects.toThrow(Superseded)
  expect([first, second, again].map(({ generation }) => generation)).toEqual([1, 2, 3])
})

it('is no hindrance in other partitions and groups', async () => {
  const first = await take('first')
  await Claim.take({ tables, owner: 'second' } as unknown as Ports, { ...AT, partition: 4 })
  await Claim.take({ tables, owner: 'second' } as unknown as Ports, { ...AT, group: 'search' })
  await first.confirm()
})

it('of two that claim at once one stands, and the other finds out before it owns anything', async () => {
  const ended = await Promise.allSettled([take('one'), take('two'), take('three')])
  const standing = ended.filter(({ status }) => status === 'fulfilled')
  expect(standing.length).toBe(1)
})

it('loses to a later one where its write was thought to have failed and is done afterwards', async () => {
  let late: () => Promise<void> = async () => undefined
  const claiming = take('first', {
    apply: async (mutations, writeTime) => {
      late = () => tables.apply(mutations, writeTime)
      throw new Error('no answer')
    },
  })
  await expect(claiming).rejects.toThrow('no answer')
  await take('second')
  const third = await take('third')
  await late()
  await third.confirm()
})
