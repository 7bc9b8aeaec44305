import { checkPrimeSync } from 'node:crypto'
import { expect, it } from 'vitest'
import { testRig } from '../test-rig.ts'

it('tells an account without a password how it could set one', async () => {
  const rig = await testRig()
  const password = await rig.call('account.getPassword', {}, rig.caller(5))
  expect(password.hasPassword).toBeFalsy()
  const { newAlgo } = password
  if (newAlgo._ !== 'passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow')
    throw new Error(newAlgo._)
  expect(newAlgo.p.length).toBe(256)
  const prime = BigInt(`0x${Buffer.from(newAlgo.p).toString('hex')}`)
  expect(checkPrimeSync(prime)).toBe(true)
  expect(checkPrimeSync((prime - 1n) / 2n)).toBe(true)
  // The condition for g = 3 (core.telegram.org/api/srp).
  expect([newAlgo.g, prime % 3n]).toEqual([3, 2n])
  expect(password.secureRandom.length).toBe(256)
})
