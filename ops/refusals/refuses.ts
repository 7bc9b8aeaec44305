import { errorCode, type MethodName, methodFacts, RpcError } from '@heliograph/schemas/tl'
import { expect, it } from 'vitest'
import type { Arguments, Person } from './person.ts'

/** Who calls, and with what. */
type Asked<M extends MethodName> = readonly [who: Person, args: Arguments<M>]
/** That, or the steps that lead to it. */
type Case<M extends MethodName> = Asked<M> | (() => Asked<M> | Promise<Asked<M>>)
/** By the name of the error. */
type Cases<M extends MethodName> = Readonly<Record<string, Case<M>>>
/** A map, not a type of one method: so the literals in the cases are read as what the method takes. */
type CasesOf = { readonly [M in MethodName]: () => Cases<M> | Promise<Cases<M>> }

/**
 * A test: `method` raises each of the errors that are keys, with the code of the schema data, in the situation given for it, one
 * after the other. The table of errors reads method and errors here, so they stand as literals
 * (`ops/coverage/tested-pairs.ts`); numbers in the names of errors do not matter.
 * @param of more for the test's title, where a method has several tests
 */
export function refuses<M extends MethodName>(method: M, cases: CasesOf[M], of?: string): void {
  it(of === undefined ? method : `${method} ${of}`, async () => expectRefused(method, await cases()), 60_000)
}

/** The other way round: a test for each of the methods that raise `error`. @param when the situation in words */
export function refusesEach(
  error: string,
  when: string,
  asks: { readonly [M in MethodName]?: () => Asked<M> | Promise<Asked<M>> },
): void {
  for (const [method, ask] of Object.entries(asks))
    it(`${method} raises ${error} ${when}`, () =>
      expectRefused(method as MethodName, { [error]: ask as Case<MethodName> }))
}

/** Errors that the method's entry in the schema data does not name are a fault of the test. */
async function expectRefused<M extends MethodName>(method: M, cases: Cases<M>): Promise<void> {
  const named = methodFacts()[method]?.errors ?? []
  expect(Object.keys(cases).filter((error) => !named.includes(unnumbered(error)))).toEqual([])
  const outcomes: Record<string, string> = {}
  for (const [error, given] of Object.entries(cases)) {
    const [who, args] = typeof given === 'function' ? await given() : given
    outcomes[error] = await who.call(method, args).then(() => 'done', told)
  }
  const wanted = Object.keys(cases).map((error) => [
    error,
    `${errorCode(error, method)} ${unnumbered(error)}`,
  ])
  expect(outcomes).toEqual(Object.fromEntries(wanted))
}

function told(error: unknown): string {
  if (!(error instanceof RpcError)) throw error
  return `${error.code} ${unnumbered(error.errorMessage)}`
}

/** As the schema data writes it. */
const unnumbered = (error: string): string => error.replace(/(?<=_)\d+$/, 'X')
