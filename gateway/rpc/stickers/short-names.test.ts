import { expect, it } from 'vitest'
import { isShortName } from './short-names.ts'

it.each(['a', 'Cats_By_Me', 'a1', 'x'.repeat(64)])('takes %s', (name) => expect(isShortName(name)).toBe(true))

it.each(['', '1cats', '_cats', 'cats_', 'two__lines', 'ünder', 'a b', 'x'.repeat(65)])('refuses %j', (name) =>
  expect(isShortName(name)).toBe(false),
)
