import { expect, it } from 'vitest'
import { parseRange } from './range.ts'

it.each([
  ['', { start: 0, end: 100, isPart: false }],
  ['bytes=0-9', { start: 0, end: 10, isPart: true }],
  ['bytes=90-', { start: 90, end: 100, isPart: true }],
  ['bytes=90-500', { start: 90, end: 100, isPart: true }],
  ['bytes=-10', { start: 90, end: 100, isPart: true }],
  ['bytes=-500', { start: 0, end: 100, isPart: true }],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=100-', 'unsatisfiable'],
  ['bytes=9-5', { start: 0, end: 100, isPart: false }],
  ['bytes=0-1,5-6', { start: 0, end: 100, isPart: false }],
  ['lines=0-1', { start: 0, end: 100, isPart: false }],
  ['bytes=-', { start: 0, end: 100, isPart: false }],
] as const)('%j of 100 bytes', (header, range) => {
  expect(parseRange(header, 100)).toEqual(range)
})
