import { expect, it } from 'vitest'
import { webmHeader } from './webm.ts'

it('takes hostile lengths and endless elements', () => {
  expect(webmHeader(Buffer.alloc(0))).toBeUndefined()
  expect(webmHeader(Buffer.from('1a45dfa3', 'hex'))).toBeUndefined()
  expect(webmHeader(Buffer.from('1a45dfa3ffffffffffffffff', 'hex'))).toBeUndefined()
  expect(webmHeader(Buffer.alloc(1 << 20, 0x80))).toBeUndefined()
  expect(webmHeader(Buffer.from('1a45dfa38742827fffffffff', 'hex'))).toBeUndefined()
})
