import { describe, expect, it } from 'vitest'
import type { CallContext } from '../../handler.ts'
import type { OpenedMessage } from '../mailbox/rendered.ts'
import { detectEntities } from '../text/detect.ts'
import { matches } from './match.ts'
import { queryOf } from './query.ts'

describe('a search for a hashtag', () => {
  const query = (q: string) =>
    queryOf({ user: 1 } as unknown as CallContext, { q, filter: { _: 'inputMessagesFilterEmpty' } })
  const found = (q: string, text: string) => {
    const content = { text, entities: detectEntities(text) }
    return matches({ content, row: undefined } as unknown as OpenedMessage, query(q))
  }

  it.each([
    ['#cats', 'two #Cats at home', true],
    ['#cats', 'two cats, and #catsanddogs', false],
    ['#cat', 'two #cats', false],
    ['cats', 'two #cats', true],
    ['#cats home', 'two #cats at home', true],
    ['#cats garden', 'two #cats at home', false],
    ['#cats', 'in one channel #cats@zoo', true],
    ['$USD', 'all for $USD', true],
    ['$USD', 'all for USD', false],
    ['#Łódź', 'from #łódź', true],
    ['# and', 'this and that', true],
  ])('%s in %s: %s', (q, text, expected) => {
    expect(found(q, text)).toBe(expected)
  })
})
