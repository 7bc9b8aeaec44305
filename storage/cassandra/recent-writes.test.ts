import { expect, it } from 'vitest'
import { KEPT_MS, MAX_KEPT_ROWS, RecentWrites } from './recent-writes.ts'
import type { RowWrite } from './write-queue.ts'

const row = (name: string) => ({ name }) as unknown as RowWrite
const names = (recent: RecentWrites<RowWrite>) =>
  recent.all().map((each) => (each as unknown as { name: string }).name)

it('keeps what was acknowledged within the last second, in order', () => {
  let nowMs = 0
  const recent = new RecentWrites<RowWrite>(() => nowMs)
  recent.add([row('a'), row('b')])
  nowMs = KEPT_MS / 2
  recent.add([row('c')])
  expect(names(recent)).toEqual(['a', 'b', 'c'])
  nowMs = KEPT_MS + 1
  recent.add([row('d')])
  expect(names(recent)).toEqual(['c', 'd'])
})

it('forgets nothing while a node is lost, whatever is written meanwhile', () => {
  let nowMs = 0
  const recent = new RecentWrites<RowWrite>(() => nowMs)
  recent.add([row('a')])
  recent.hold()
  nowMs = 60 * KEPT_MS
  recent.add([row('b')])
  expect(names(recent)).toEqual(['a', 'b'])
  recent.release()
  nowMs += 1
  recent.add([row('c')])
  expect(names(recent)).toEqual(['b', 'c'])
})

it('forgets nothing while nothing is acknowledged', () => {
  let nowMs = 0
  const recent = new RecentWrites<RowWrite>(() => nowMs)
  recent.add([row('a')])
  nowMs = 60 * KEPT_MS
  expect(names(recent)).toEqual(['a'])
})

it('keeps a bounded number of rows', () => {
  const recent = new RecentWrites<RowWrite>(() => 0)
  const many = Array.from({ length: 1000 }, () => row('x'))
  for (let i = 0; i < 300; i++) recent.add(many)
  expect(recent.all().length).toBe(MAX_KEPT_ROWS)
})
