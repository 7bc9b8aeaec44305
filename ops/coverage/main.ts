/** Writes `docs/coverage.md`; with `--check` only tells, by its exit code, whether that file is current. */
import { readFile, writeFile } from 'node:fs/promises'
import { COVERAGE_FILE, currentFacts } from './current.ts'
import { coverageTable } from './table.ts'

const table = coverageTable(currentFacts())
if (!process.argv.includes('--check')) {
  await writeFile(COVERAGE_FILE, table)
} else if ((await readFile(COVERAGE_FILE, 'utf8').catch(() => '')) !== table) {
  console.error(`${COVERAGE_FILE} is not current: run npm run coverage-table`)
  process.exitCode = 1
}
