import { join } from 'node:path'
import { expect, it } from 'vitest'
import { reasonFor } from './absent-case.ts'
import { CANNOT_OCCUR } from './cannot-occur.ts'
import { currentErrors } from './current-errors.ts'
import { errorsOf, errorTable } from './errors.ts'

const facts = {
  layer: 7,
  methods: ['users.getUsers', 'account.getThemes'] as const,
  throws: { 'users.getUsers': ['A_INVALID', 'B_WAIT_%d', 'C_EMPTY', 'D_GONE'], 'account.getThemes': [] },
  sources: ["throw new RpcError(400, 'A_INVALID'); floodWait('B_WAIT_3')"],
  tests: [
    "it('refuses', () => getUsers())\n",
    "it('getUsers raises A_INVALID', () => {})\n  it('raises B_WAIT_5', () => {})",
  ],
  absent: [{ methods: 'users.*', errors: ['A_INVALID', 'D_GONE'], reason: 'nothing goes here' }],
}

it('an error is tested where one test names it with its method', () => {
  const [method] = errorsOf(facts)
  expect([...method!.errors]).toEqual([
    ['A_INVALID', 'tested'],
    ['B_WAIT_%d', 'raised'],
    ['C_EMPTY', 'never'],
    ['D_GONE', 'absent'],
  ])
})

it('the table counts them and leaves out methods that raise nothing', () => {
  const table = errorTable(facts)
  expect(table).toContain('| getUsers | A_INVALID | B_WAIT_%d | C_EMPTY | D_GONE |')
  expect(table).toContain('1 tested, 1 raised and untested, 1 never raised, 1 cannot occur here.')
  expect(table).toContain('- D_GONE: nothing goes here')
  expect(table).not.toContain('getThemes')
})

it('every reason is for an error that the schema data names and no test raises', async () => {
  const facts = await currentErrors(join(import.meta.dirname, '../..'))
  const all = errorsOf(facts)
  const idle = CANNOT_OCCUR.flatMap((one) => one.errors.map((error) => ({ ...one, errors: [error] }))).filter(
    (one) =>
      !all.some(({ name, errors }) =>
        [...errors].some(([error, status]) => status === 'absent' && reasonFor([one], name, error)),
      ),
  )
  expect(idle).toEqual([])
})
