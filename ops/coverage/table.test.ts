import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Handlers } from '@heliograph/gateway/rpc'
import { describe, expect, it } from 'vitest'
import { COVERAGE_FILE, currentFacts } from './current.ts'
import { REFUSAL_REASONS, whyRefused } from './refused.ts'
import { coverageOf, coverageTable } from './table.ts'

const ROOT = join(import.meta.dirname, '../..')

const registered = (status: 'works' | 'empty') =>
  ({ handler: () => true, status, auth: 'user', flood: 'default' }) as never
const handlers = {
  'users.getUsers': registered('works'),
  'account.getThemes': registered('empty'),
} as unknown as Handlers
const facts = {
  layer: 7,
  methods: ['account.getThemes', 'invokeWithLayer', 'users.getFullUser', 'users.getUsers'] as const,
  handlers,
  bySession: ['invokeWithLayer'] as const,
}

describe('the coverage table', () => {
  it('takes the status from the handlers', () => {
    expect(coverageOf(facts).map(({ name, status }) => [name, status])).toEqual([
      ['account.getThemes', 'empty'],
      ['invokeWithLayer', 'works'],
      ['users.getFullUser', 'refused'],
      ['users.getUsers', 'works'],
    ])
  })

  it('counts on top, then names each method under its namespace', () => {
    const table = coverageTable(facts)
    for (const line of ['| works | 2 |', '| answers empty by design | 1 |', '| refused | 1 |', '| all | 4 |'])
      expect(table.split('\n')).toContain(line)
    expect(table.match(/^## .*/gm)).toEqual(['## account', '## users', '## wrappers'])
    expect(table).toContain('| refused | 1 | getFullUser |')
  })

  it('knows every handler as a method of the newest layer', () => {
    const methods = new Set<string>(currentFacts().methods)
    expect(Object.keys(currentFacts().handlers).filter((name) => !methods.has(name))).toEqual([])
  })

  it('says why each method is refused, and has no reason for nothing', () => {
    const refused = coverageOf(currentFacts()).filter(({ status }) => status === 'refused')
    expect(refused.filter(({ name }) => whyRefused(name) === undefined)).toEqual([])
    expect(new Set(refused.map(({ name }) => whyRefused(name)))).toEqual(new Set(REFUSAL_REASONS))
  })

  it('that is committed is current', async () => {
    expect(await readFile(join(ROOT, COVERAGE_FILE), 'utf8')).toBe(coverageTable(currentFacts()))
  })

  it('is written by the command, and a stale one fails its check', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'heliograph-coverage-'))
    await mkdir(join(directory, 'docs'))
    expect(await run(directory, '--check')).toBe(1)
    expect(await run(directory)).toBe(0)
    expect(await run(directory, '--check')).toBe(0)
    await writeFile(join(directory, COVERAGE_FILE), 'stale')
    expect(await run(directory, '--check')).toBe(1)
    await rm(directory, { recursive: true })
  })
})

/** Runs the built command; resolves to its exit code. */
function run(cwd: string, ...args: string[]): Promise<number> {
  return new Promise((resolve) => {
    const program = join(ROOT, 'ops/dist/coverage/main.js')
    const child = execFile(process.execPath, [program, ...args], { cwd }, () => resolve(child.exitCode ?? -1))
  })
}
