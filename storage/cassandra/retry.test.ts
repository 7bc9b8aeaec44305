import { errors, types } from 'cassandra-driver'
import { describe, expect, it } from 'vitest'
import { StoreUnavailable } from '../tables.ts'
import { isTransient } from './failures.ts'
import { MAX_ATTEMPTS, MAX_RETRYING_MS, persistently } from './retry.ts'

const codes = types.responseErrorCodes
const answer = (code: number) => new errors.ResponseError(code, 'told so')
const noHost = (inner: Error) => new errors.NoHostAvailableError({ node: inner } as never, 'none')

/** Pauses that pass at once; an attempt takes `attemptMs`. */
function setUp(failures: unknown[], attemptMs = 0) {
  let nowMs = 0
  const paused: number[] = []
  const pauses = {
    nowMs: () => nowMs,
    pause: async (ms: number) => {
      nowMs += ms
      paused.push(ms)
    },
    random: () => 0,
  }
  let attempts = 0
  const attempt = async () => {
    nowMs += attemptMs
    const failure = failures[attempts++]
    if (failure !== undefined) throw failure
    return 'done'
  }
  return { run: () => persistently(attempt, pauses), paused, attempts: () => attempts }
}

describe('persistently', () => {
  it('tries again after transient failures, ever later', async () => {
    const { run, paused } = setUp([answer(codes.writeTimeout), answer(codes.unavailableException)])
    expect(await run()).toBe('done')
    expect(paused).toEqual([50, 200])
  })

  it('tries again where the driver has no connection just then', async () => {
    const { run } = setUp([new Error('No connection available')])
    expect(await run()).toBe('done')
  })

  it('gives up with StoreUnavailable', async () => {
    const { run, attempts } = setUp(Array(10).fill(answer(codes.overloaded)))
    await expect(run()).rejects.toThrow(StoreUnavailable)
    expect(attempts()).toBe(MAX_ATTEMPTS)
  })

  it('does not begin again when it has taken too long', async () => {
    const { run, attempts } = setUp(Array(10).fill(answer(codes.readTimeout)), MAX_RETRYING_MS / 2)
    await expect(run()).rejects.toThrow(StoreUnavailable)
    expect(attempts()).toBe(2)
  })

  it('leaves a bug as it is', async () => {
    const bug = answer(codes.syntaxError)
    const { run, attempts } = setUp([bug])
    await expect(run()).rejects.toBe(bug)
    expect(attempts()).toBe(1)
  })
})

it.each([
  ['no node answers', noHost(new Error('refused')), true],
  ['no node answers in time', new errors.OperationTimedOutError('late'), true],
  ['too few replicas', answer(codes.unavailableException), true],
  ['a compare-and-set whose outcome is not known', answer(0x1700), true],
  ['a connection that breaks', Object.assign(new Error('reset'), { isSocketError: true }), true],
  ['a wrong password', noHost(new errors.AuthenticationError('no')), false],
  ['a statement that is not valid', answer(codes.invalid), false],
  ['a value of another type', new TypeError('bad'), false],
])('%s', (_, error, expected) => {
  expect(isTransient(error)).toBe(expected)
})
