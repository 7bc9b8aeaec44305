import { describe, expect, it } from 'vitest'
import { portOfOthers } from './contact-points.ts'

describe('the port of nodes that are found through others', () => {
  it.each([
    [['10.0.0.1:19042', '10.0.0.2:19042'], 19042],
    [['10.0.0.1', 'node:19042'], 19042],
    [['[2001:db8::1]:19042'], 19042],
    [['2001:db8::1'], undefined],
    [['10.0.0.1', 'node'], undefined],
  ])('of %j is %j', (contactPoints, port) => expect(portOfOthers(contactPoints)).toBe(port))
})
