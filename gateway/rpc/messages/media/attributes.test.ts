import { expect, it } from 'vitest'
import { MAX_ATTRIBUTES, MAX_FILE_NAME_LENGTH } from '../../upload/limits.ts'
import { attributeOf, checkedAttributes, checkedMime, withAttribute } from './attributes.ts'

const named = (fileName: string) => ({ _: 'documentAttributeFilename', fileName }) as const
const animated = { _: 'documentAttributeAnimated' } as const

it('file names have no paths, no control characters and an end', () => {
  const nameOf = (fileName: string) =>
    attributeOf(checkedAttributes([named(fileName)], ''), 'documentAttributeFilename')?.fileName
  expect(nameOf('../../etc/passwd')).toBe('passwd')
  expect(nameOf('C:\\dir\\a.txt')).toBe('a.txt')
  expect(nameOf('a\u0000\nb.txt')).toBe('ab.txt')
  expect(nameOf(`${'x'.repeat(300)}.txt`)).toHaveLength(MAX_FILE_NAME_LENGTH)
})

it('the name that the upload has is taken where there is no other', () => {
  expect(checkedAttributes([], 'a.txt')).toEqual([named('a.txt')])
  expect(checkedAttributes([named('b.txt')], 'a.txt')).toEqual([named('b.txt')])
})

it('each kind stands once, and there are not too many', () => {
  expect(checkedAttributes([animated, animated, named('a')], '')).toEqual([animated, named('a')])
  const many = Array.from({ length: MAX_ATTRIBUTES + 1 }, () => animated)
  expect(() => checkedAttributes(many, '')).toThrow('MEDIA_INVALID')
  expect(withAttribute([named('a'), animated], named('b'))).toEqual([animated, named('b')])
})

it('a mime type is one', () => {
  expect(checkedMime(' Image/PNG ')).toBe('image/png')
  for (const nonsense of ['', 'x', 'text/html; charset=x', 'a/b/c', `text/${'x'.repeat(200)}`])
    expect(checkedMime(nonsense)).toBe('application/octet-stream')
})
