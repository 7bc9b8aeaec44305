import { expect, it } from 'vitest'
import { errorsOf, errorTable } from './errors.ts'

const facts = {
  layer: 7,
  methods: ['users.getUsers', 'account.getThemes'] as const,
  throws: { 'users.getUsers': ['A_INVALID', 'B_WAIT_%d', 'C_EMPTY'], 'account.getThemes': [] },
  sources: ["throw new RpcError(400, 'A_INVALID'); floodWait('B_WAIT_3')"],
  tests: [
    "it('refuses', () => getUsers())\n",
    "it('getUsers raises A_INVALID', () => {})\n  it('raises B_WAIT_5', () => {})",
  ],
}

it('an error is tested where one test names it with its method', () => {
  const [method] = errorsOf(facts)
  expect([...method!.errors]).toEqual([
    ['A_INVALID', 'tested'],
    ['B_WAIT_%d', 'raised'],
    ['C_EMPTY', 'never'],
  ])
})

it('the table counts them and leaves out methods that raise nothing', () => {
  const table = errorTable(facts)
  expect(table).toContain('| getUsers | A_INVALID | B_WAIT_%d | C_EMPTY |')
  expect(table).toContain('1 tested, 1 raised and untested, 1 never raised.')
  expect(table).not.toContain('getThemes')
})
