import { LogUnavailable, type Membership, type Offset } from '@heliograph/topics'
import { expect, test } from 'vitest'
import { OffsetCommitter } from './offset-committer.ts'

const AT = { group: 'g', topic: 'chat.commands', partition: 3 } as const
const NEVER_MS = 2 ** 31 - 1

function committer(commit: Membership['commit']) {
  const failures: unknown[] = []
  const membership = Promise.resolve({ commit, leave: async () => undefined })
  return { it: new OffsetCommitter(AT, membership, NEVER_MS, (error) => failures.push(error)), failures }
}

test('a commit that the broker cannot take fails nothing, and is made up for', async () => {
  const committed: number[] = []
  let away = true
  const { it } = committer(async (_topic, _partition, next) => {
    if (away) throw new LogUnavailable('rebalancing')
    committed.push(next)
  })
  it.reached(7 as Offset)
  await it.finish()
  away = false
  await it.finish()
  await it.finish()
  expect(committed).toEqual([7])
})

test('a fault of the software does fail', async () => {
  const { it } = committer(() => Promise.reject(new Error('bug')))
  it.reached(7 as Offset)
  await expect(it.finish()).rejects.toThrow('bug')
})
