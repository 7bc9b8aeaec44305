import { describe, expect, it } from 'vitest'
import { phoneDigits, requirePhone } from './phone.ts'

describe('a phone number', () => {
  it.each([
    ['+49 (170) 123-45.67', '491701234567'],
    ['9996612345', '9996612345'],
    ['+1234567', '1234567'],
    ['123456789012345', '123456789012345'],
  ])('%s is %s', (written, digits) => {
    expect(phoneDigits(written)).toBe(digits)
  })

  it.each(['', '+12', '123456', '1234567890123456', '12345a789', '٠١٢٣٤٥٦٧٨'])('%s is none', (written) => {
    expect(phoneDigits(written)).toBeUndefined()
    expect(() => requirePhone(written)).toThrow('PHONE_NUMBER_INVALID')
  })
})
