import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { describeKeyring } from './keyring.contract.ts'
import { chatScope } from './keyring.ts'
import { MemoryKeyStore } from './memory/keyring.ts'
import { UnreadableKey, WrappedKeyring } from './wrapped-keyring.ts'

describeKeyring('WrappedKeyring', async () => {
  const master = randomBytes(32)
  const store = new MemoryKeyStore()
  const again = async () => new WrappedKeyring(master, store)
  return { keyring: await again(), again, dispose: async () => undefined }
})

it('WrappedKeyring stores nothing in clear, and reads nothing of another master key or scope', async () => {
  const store = new MemoryKeyStore()
  const scope = chatScope('u1-2')
  const { key } = await new WrappedKeyring(randomBytes(32), store).obtain(scope)
  const wrapped = (await store.get(scope))!
  expect(wrapped.includes(key)).toBe(false)
  const stranger = new WrappedKeyring(randomBytes(32), store)
  await expect(stranger.obtain(scope)).rejects.toThrow(UnreadableKey)
  await expect(stranger.find(scope)).rejects.toThrow('the master key does not open the data key of chat:u1-2')
})
