import { expect, it } from 'vitest'
import { RECENT_ROWS, RecentRows } from './recent-rows.ts'

it('tells rows from absences from the unknown', () => {
  const recent = new RecentRows()
  recent.keep('a', Buffer.from('row'))
  recent.keep('b', null)
  expect(recent.get('a')?.toString()).toBe('row')
  expect(recent.get('b')).toBeNull()
  expect(recent.get('c')).toBeUndefined()
  recent.forget('a')
  expect(recent.get('a')).toBeUndefined()
})

it('keeps what is used and stays bounded', () => {
  const recent = new RecentRows()
  recent.keep('used', Buffer.from('x'))
  recent.keep('unused', null)
  for (let i = 0; i < 3 * RECENT_ROWS; i++) {
    recent.keep(`k${i}`, null)
    recent.get('used')
  }
  expect(recent.get('used')).toBeDefined()
  expect(recent.get('unused')).toBeUndefined()
})

it('forgets in both generations', () => {
  const recent = new RecentRows()
  recent.keep('a', null)
  for (let i = 0; i < RECENT_ROWS; i++) recent.keep(`k${i}`, null)
  recent.keep('a', Buffer.from('newer'))
  recent.forget('a')
  expect(recent.get('a')).toBeUndefined()
})
