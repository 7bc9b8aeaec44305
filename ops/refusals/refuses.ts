import { errorCode, type MethodName, RpcError } from '@heliograph/schemas/tl'
import { expect, it } from 'vitest'
import type { Arguments, Person } from './system.ts'

/** Who calls, and with what. */
export type Asked<M extends MethodName> = readonly [who: Person, args: Arguments<M>]
type Asks = { readonly [M in MethodName]: () => Asked<M> | Promise<Asked<M>> }

/**
 * A test: `method` raises exactly `error`, with the code of the schema data, in the situation that `ask` makes. The table of
 * errors reads both names here, so they stand as literals (`ops/coverage/tested-pairs.ts`).
 * @param when the situation in words, for the test's title
 */
export function refuses<M extends MethodName>(method: M, error: string, when: string, ask: Asks[M]): void {
  it(`${method} raises ${error} ${when}`, async () => {
    const [who, args] = await ask()
    expect(await outcome(who.call(method, args))).toBe(`${errorCode(error)} ${error}`)
  })
}

/** A test for each of the methods: the same `error` in the same situation. */
export function refusesEach(error: string, when: string, asks: Partial<Asks>): void {
  for (const [method, ask] of Object.entries(asks)) refuses(method as MethodName, error, when, ask as never)
}

/** How a call ends: `done`, or code and name of the error. */
async function outcome(answer: Promise<unknown>): Promise<string> {
  try {
    await answer
    return 'done'
  } catch (error) {
    if (error instanceof RpcError) return error.message
    throw error
  }
}
