import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const PACKAGES = /`((?:schemas|topics|storage|actors|gateway|ops)\/[\w./-]*)`/g

it('the table of security names places that exist', () => {
  const text = readFileSync(join(ROOT, 'docs/security.md'), 'utf8')
  const paths = [...text.matchAll(PACKAGES)].map((match) => match[1] as string)
  expect(paths.length).toBeGreaterThan(40)
  expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
})
