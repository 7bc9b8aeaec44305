import { errorCode, type MethodName, methodFacts, RpcError } from '@heliograph/schemas/tl'
import { expect } from 'vitest'
import type { Args, Person } from './world.ts'

/** Who calls, and with what; or the steps that lead to that. */
export type Case<M extends MethodName> = Given<M> | (() => Promise<Given<M>>)
type Given<M extends MethodName> = readonly [Person, Args<M>]

/**
 * Calls the method once for each error, in the situation given for it, and expects exactly that error, with the code of the
 * schema data. Errors that the method's entry there does not name are a fault of the test; numbers in names do not matter. The
 * table of errors reads method and errors here, so they stand as literals (`ops/coverage/tested-pairs.ts`).
 */
export async function refusesAll<M extends MethodName>(
  method: M,
  cases: Readonly<Record<string, Case<M>>>,
): Promise<void> {
  const named = methodFacts()[method]?.errors ?? []
  expect(Object.keys(cases).filter((error) => !named.includes(unnumbered(error)))).toEqual([])
  const outcomes: Record<string, string> = {}
  for (const [error, given] of Object.entries(cases)) {
    const [who, args] = typeof given === 'function' ? await given() : given
    outcomes[error] = await who.call(method, args).then(() => 'done', told)
  }
  const wanted = Object.keys(cases).map((error) => [error, `${errorCode(error)} ${unnumbered(error)}`])
  expect(outcomes).toEqual(Object.fromEntries(wanted))
}

function told(error: unknown): string {
  if (!(error instanceof RpcError)) throw error
  return `${error.code} ${unnumbered(error.errorMessage)}`
}

/** As the schema data writes it. */
const unnumbered = (error: string): string => error.replace(/(?<=_)\d+$/, 'X')
