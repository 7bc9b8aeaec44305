import { expect, it } from 'vitest'
import { testedPairs } from './tested-pairs.ts'

const has = (text: string, pair: string): boolean => testedPairs([text]).has(pair)

it('a test that refuses is of its method and the errors that are keys, whatever else it calls', () => {
  const text = `
  refuses('users.getMe', () => ({
    A_INVALID: [alice, { a: 'C_EMPTY' }],
    B_WAIT_60: async () => { await alice.call('users.getUsers', {}) },
    '2FA_WAIT_5': [alice, {}],
  }))
refuses(
  'users.getUsers',
  () => ({ D_EMPTY: [alice, {}] }), 'x')`
  expect([...testedPairs([text])]).toEqual([
    'users.getMe A_INVALID',
    'users.getMe B_WAIT',
    'users.getMe 2FA_WAIT',
    'users.getUsers D_EMPTY',
  ])
})

it('one error of many methods is of each that is a key', () => {
  const text =
    "\n  refusesEach('A_INVALID', 'x', { 'users.getMe': () => [getFullUser, call('users.getUsers', 'B_EMPTY')] })"
  expect([...testedPairs([text])]).toEqual(['users.getMe A_INVALID'])
})

it('an error may begin with a digit', () => {
  expect(has("\nit('getMe raises 2FA_WAIT_%d', () => {})", 'getMe 2FA_WAIT')).toBe(true)
})

it('a table counts by its rows, in a test or before it', () => {
  const rows = "[['users.getMe', 'A_INVALID'], ['users.getUsers', 400, 'B_EMPTY']]"
  for (const text of [`const rows = ${rows}`, `\nit.each(${rows})('%s raises %s', () => {})`]) {
    expect(has(text, 'users.getMe A_INVALID')).toBe(true)
    expect(has(text, 'users.getUsers B_EMPTY')).toBe(true)
    expect(has(text, 'users.getMe B_EMPTY')).toBe(false)
  }
})

it('what stands before the first test is no test', () => {
  expect(has("const getMe = 'A_INVALID'", 'getMe A_INVALID')).toBe(false)
})
