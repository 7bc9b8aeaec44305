import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const MAX_FILE_LINES = 400
/** What each package may import of the others; `ops` alone wires everything. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  schemas: [],
  topics: ['schemas'],
  storage: ['schemas'],
  actors: ['schemas', 'topics', 'storage'],
  gateway: ['schemas', 'topics', 'storage'],
  ops: ['schemas', 'topics', 'storage', 'actors', 'gateway'],
}
const BANNED_NAMES = /(Manager|Helper|Util)s?\b/
/** Assembled, so that this file does not find itself. */
const OPEN_ENDS = new RegExp([`\\bTO${'DO'}\\b`, `\\bFIX${'ME'}\\b`, `not ${'implemented'}`].join('|'))
const SKIPPED = new RegExp(`\\b(it|test|describe)\\.(${['skip', 'only', 'todo'].join('|')})\\b`)

const sources = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.mjs'],
  {
    cwd: ROOT,
    encoding: 'utf8',
  },
)
  .split('\n')
  .filter((path) => path !== '')
  .map((path) => ({ path, text: read(path) }))
  .filter((source): source is { path: string; text: string } => source.text !== undefined)

function read(path: string): string | undefined {
  try {
    return readFileSync(join(ROOT, path), 'utf8')
  } catch {
    return undefined // deleted in the work tree, not yet in the index
  }
}

function importsOf(text: string): string[] {
  return [...text.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map((match) => match[1] ?? '')
}

function offenders(isOffence: (source: { path: string; text: string }) => boolean): string[] {
  return sources.filter(isOffence).map(({ path }) => path)
}

describe('the code stays tidy', () => {
  it('has sources to look at', () => expect(sources.length).toBeGreaterThan(20))

  it(`has no hand-written file above ${MAX_FILE_LINES} lines`, () => {
    expect(offenders(({ text }) => text.split('\n').length > MAX_FILE_LINES + 1)).toEqual([])
  })

  it('imports other packages only downwards', () => {
    const bad = sources.flatMap(({ path, text }) => {
      const from = path.split('/')[0] ?? ''
      return importsOf(text)
        .filter((name) => name.startsWith('@heliograph/'))
        .map((name) => name.split('/')[1] ?? '')
        .filter((to) => to !== from && !(MAY_IMPORT[from] ?? []).includes(to))
        .map((to) => `${path} → ${to}`)
    })
    expect(bad).toEqual([])
  })

  it('binds implementations only in ops', () => {
    const bound = /@heliograph\/(topics|storage)\/(lmdb|files|kafka|cassandra|redis|seaweedfs)/
    const inProduction = ({ path }: { path: string }) =>
      !path.startsWith('ops/') && !path.endsWith('.test.ts')
    expect(
      offenders((source) => inProduction(source) && importsOf(source.text).some((name) => bound.test(name))),
    ).toEqual([])
  })

  it('keeps actors and the protocol pure: no clock, randomness or I/O in deciders and folds', () => {
    const impure = /Date\.now|Math\.random|new Date\(|from 'node:|process\./
    const pure = /^actors\/(account|message|notification)\/.*(?<!\.test)\.ts$/
    expect(offenders(({ path, text }) => pure.test(path) && impure.test(text))).toEqual([])
  })

  it('leaves nothing open or skipped', () => {
    expect(offenders(({ text }) => OPEN_ENDS.test(text) || SKIPPED.test(text))).toEqual([])
  })

  it('names files in kebab case', () => {
    const name = /^([a-z0-9]+(-[a-z0-9]+)*\.)+(ts|mjs|mts)$/
    expect(offenders(({ path }) => !name.test(path.split('/').at(-1) ?? ''))).toEqual([])
  })

  it('has no default exports, no namesakes of everything', () => {
    const config = /^vitest\..*config\.ts$/
    expect(offenders(({ path, text }) => !config.test(path) && /^export default/m.test(text))).toEqual([])
    expect(offenders(({ path }) => BANNED_NAMES.test(path))).toEqual([])
  })
})
