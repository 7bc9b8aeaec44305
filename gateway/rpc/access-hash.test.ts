import { memoryKeyring } from '@heliograph/storage'
import { describe, expect, it } from 'vitest'
import { accessHash, isAccessHash } from './access-hash.ts'

describe('an access hash', () => {
  const keyring = memoryKeyring()
  const hash = accessHash(keyring, 1, 'user', 2)

  it('is good for its viewer, kind and peer only', () => {
    expect(isAccessHash(keyring, 1, 'user', 2, hash)).toBe(true)
    expect(isAccessHash(keyring, 3, 'user', 2, hash)).toBe(false)
    expect(isAccessHash(keyring, 1, 'channel', 2, hash)).toBe(false)
    expect(isAccessHash(keyring, 1, 'user', 3, hash)).toBe(false)
    expect(isAccessHash(keyring, 1, 'user', 2, hash + 1n)).toBe(false)
    expect(isAccessHash(keyring, 1, 'user', 2, 0n)).toBe(false)
  })

  it('depends on the secret of the deployment', () => {
    expect(accessHash(memoryKeyring(), 1, 'user', 2)).not.toBe(hash)
  })

  it('does not mix up digits of viewer and peer', () => {
    expect(accessHash(keyring, 12, 'user', 3)).not.toBe(accessHash(keyring, 1, 'user', 23))
  })
})
