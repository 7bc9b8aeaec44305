import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { StoreEnvironment } from './environment.ts'

let directory: string
let environment: StoreEnvironment

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'heliograph-appended-'))
  environment = await StoreEnvironment.open(directory)
})
afterEach(async () => {
  await environment.close()
  await rm(directory, { recursive: true })
})

const put = (space: 'log' | 'rows', key: string) => environment.space(space).put(key, Buffer.from(key))

/** The order in which the promises settled. */
async function order(promises: Record<string, Promise<void>>): Promise<string[]> {
  const settled: string[] = []
  await Promise.all(Object.entries(promises).map(([name, each]) => each.then(() => settled.push(name))))
  return settled
}

it('waits for records, not for rows that came after them', async () => {
  put('log', 'record')
  const appended = environment.appended()
  put('rows', 'row')
  const later = environment.appended()
  expect(await order({ barrier: environment.barrier(), appended, later })).toEqual([
    'appended',
    'later',
    'barrier',
  ])
})

it('waits for a record that came while the disk was busy with an earlier one', async () => {
  put('log', 'first')
  const first = environment.appended()
  put('log', 'second')
  expect(await order({ second: environment.appended(), first })).toEqual(['first', 'second'])
})

it('has nothing to wait for where only rows are queued', async () => {
  put('rows', 'row')
  let told = false
  void environment.appended().then(() => {
    told = true
  })
  await Promise.resolve()
  expect(told).toBe(true)
})
