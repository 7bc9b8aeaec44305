import { expect, it } from 'vitest'
import { addressLimits } from './address-limits.ts'

it('an address is bounded by default, hardly on a development server, and by the given number on any', () => {
  const none = { loginCode: undefined, clientsPerAddress: undefined }
  expect(addressLimits(none)).toEqual({ sockets: {}, sessions: {} })
  const development = addressLimits({ ...none, loginCode: '12345' })
  expect(development.sockets.maxConnectionsPerAddress).toBe(50_000)
  expect(development.sessions.exchangesPerAddress?.capacity).toBe(1_000_000)
  const given = addressLimits({ loginCode: '12345', clientsPerAddress: 7 })
  expect(given.sockets.maxConnectionsPerAddress).toBe(7)
  expect(given.sessions.exchangesPerAddress).toEqual({ capacity: 7, refillPerSecond: 0.007 })
})
