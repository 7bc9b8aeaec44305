import { describe, expect, it } from 'vitest'
import { cleanName, isUsername, requireAbout, requireFirstName, requireLastName } from './names.ts'

describe('names', () => {
  it('lose control and direction characters and outer blanks', () => {
    expect(cleanName('  Al\u0000ice\u202e \n Liddell ')).toBe('Al ice Liddell')
  })

  it('have 1 to 64 characters, a last name may be empty', () => {
    expect(requireFirstName('x'.repeat(64)).length).toBe(64)
    expect(() => requireFirstName('x'.repeat(65))).toThrow('FIRSTNAME_INVALID')
    expect(() => requireFirstName(' \u200e ')).toThrow('FIRSTNAME_INVALID')
    expect(requireLastName('')).toBe('')
    expect(() => requireLastName('x'.repeat(65))).toThrow('LASTNAME_INVALID')
    expect(() => requireAbout('x'.repeat(71))).toThrow('ABOUT_TOO_LONG')
  })

  it.each(['alice', 'Alice_99', 'a1234', 'x'.repeat(32)])('%s is a username', (name) => {
    expect(isUsername(name)).toBe(true)
  })

  it.each(['', 'abcd', '1alice', '_alice', 'alice_', 'al__ice', 'ali ce', 'älice', 'x'.repeat(33)])(
    '%s is no username',
    (name) => {
      expect(isUsername(name)).toBe(false)
    },
  )
})
