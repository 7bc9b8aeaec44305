import { describe, expect, it } from 'vitest'
import { clientAddress } from './proxies.ts'

const proxies = new Set(['127.0.0.1'])

describe('the address of a client', () => {
  it('is what a trusted proxy saw, not what the client claims', () => {
    expect(clientAddress('127.0.0.1', '192.0.2.1', proxies)).toBe('192.0.2.1')
    expect(clientAddress('127.0.0.1', '192.0.2.9, 2001:db8::1', proxies)).toBe('2001:db8::1')
  })

  it('is that of the peer where it is no proxy, or where the proxy says nothing of use', () => {
    expect(clientAddress('198.51.100.1', '192.0.2.1', proxies)).toBe('198.51.100.1')
    for (const useless of ['', 'unknown', '192.0.2.1,', 'a'.repeat(1000)])
      expect(clientAddress('127.0.0.1', useless, proxies)).toBe('127.0.0.1')
  })
})
