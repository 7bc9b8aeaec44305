import { describe, expect, it } from 'vitest'
import { topicDefinitions } from '../topic.ts'
import { defaultCopies, fewCopies, newTopic } from './topic-settings.ts'

describe('the copies of a new topic', () => {
  it('are as many as there are brokers, up to three', () => {
    expect([1, 2, 3, 5].map((brokers) => defaultCopies(brokers, ['a:9092']))).toEqual([1, 2, 3, 3])
  })

  it('are not fewer because a broker that is named is away', () => {
    expect(defaultCopies(2, ['a:9092', 'b:9092', 'c:9092'])).toBe(3)
    expect(defaultCopies(1, ['a:9092', 'a:9092'])).toBe(1)
  })

  it('must be two before an append is acknowledged, where one of three may be away', () => {
    const [definition] = topicDefinitions(1)
    const inSync = (replicas: number) => newTopic('a', definition!, replicas).settings['min.insync.replicas']
    expect([1, 2, 3].map(inSync)).toEqual(['1', '1', '2'])
  })
})

describe('topics with few copies', () => {
  const topic = (copies: number) => ({ partitions: 8, copies })

  it('are named', () => {
    const topics = new Map([
      ['one', topic(1)],
      ['two', topic(3)],
    ])
    expect(fewCopies(topics, 3)).toMatch(/^topics with copies on fewer than 3 brokers: one \(1\): /)
  })

  it('are none where all have what is wanted', () =>
    expect(fewCopies(new Map([['one', topic(3)]]), 3)).toBeUndefined())
})
