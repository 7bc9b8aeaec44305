import { expect, it } from 'vitest'
import { newestMethods } from './methods.ts'

it('the newest layer has these methods, each once, none of the key exchange and none that is gone', () => {
  const methods: readonly string[] = newestMethods()
  expect(methods.length).toBe(813)
  expect(new Set(methods).size).toBe(methods.length)
  expect(methods).toEqual(expect.arrayContaining(['messages.sendMessage', 'invokeWithLayer']))
  for (const gone of ['req_pq', 'account.addNoPaidMessagesException']) expect(methods).not.toContain(gone)
})
