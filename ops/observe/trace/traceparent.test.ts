import { describe, expect, it } from 'vitest'
import { spanContextOf, traceparentOf } from './traceparent.ts'

/** The example of the specification, section 3.2.1. */
const EXAMPLE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

describe('traceparent', () => {
  it('is read and written', () => {
    const context = spanContextOf(EXAMPLE)
    expect(context).toEqual({
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      spanId: '00f067aa0ba902b7',
      traceFlags: 1,
      isRemote: true,
    })
    expect(context && traceparentOf(context)).toBe(EXAMPLE)
  })

  it('is not believed where it is something else', () => {
    for (const other of [
      '',
      'no',
      EXAMPLE.slice(1),
      `${EXAMPLE}-00`,
      EXAMPLE.toUpperCase(),
      `ff${EXAMPLE.slice(2)}`,
    ])
      expect(spanContextOf(other), other).toBeUndefined()
  })
})
