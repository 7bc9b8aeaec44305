import { describe, expect, it } from 'vitest'
import { LogUnavailable } from '../../log.ts'
import { Code, failure } from './errors.ts'

const NOT_LEADER = 6
const NOT_ENOUGH_REPLICAS = 19
const OFFSET_NOT_AVAILABLE = 78
const TOO_LARGE = 10

describe('an error of a broker', () => {
  it.each([
    ['another leads', NOT_LEADER],
    ['too few copies are in sync', NOT_ENOUGH_REPLICAS],
    ['a leader is too new to know the end', OFFSET_NOT_AVAILABLE],
  ])('passes where %s', (_, code) => expect(failure('a/0', code)).toBeInstanceOf(LogUnavailable))

  it.each([TOO_LARGE, Code.unknownMember])('stays where it is %i', (code) =>
    expect(failure('a/0', code)).not.toBeInstanceOf(LogUnavailable),
  )
})
