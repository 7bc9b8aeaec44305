import { ReplyError } from 'ioredis'
import { expect, it } from 'vitest'
import { StoreUnavailable } from '../tables.ts'
import { asUnavailable } from './failures.ts'

it('tells what passes from what is a bug', () => {
  const passes = [
    new Error('Connection is closed.'),
    Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:6379'), { code: 'ECONNREFUSED' }),
    new ReplyError('LOADING Redis is loading the dataset in memory'),
    new ReplyError('CLUSTERDOWN The cluster is down'),
  ]
  for (const error of passes) expect(asUnavailable(error)).toBeInstanceOf(StoreUnavailable)
  const bugs = [
    new ReplyError('WRONGTYPE Operation against a key holding the wrong kind of value'),
    new ReplyError("ERR unknown command 'x'"),
    new TypeError('undefined is not a function'),
  ]
  for (const error of bugs) expect(asUnavailable(error)).toBe(error)
})
