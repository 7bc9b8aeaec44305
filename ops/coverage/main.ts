/** Writes `docs/coverage.md` and `docs/errors.md`; with `--check` only tells, by its exit code, whether they are current. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { COVERAGE_FILE, currentFacts } from './current.ts'
import { currentErrors } from './current-errors.ts'
import { ERRORS_FILE, errorTable } from './errors.ts'
import { coverageTable } from './table.ts'

/** The repository, as seen from the built file. */
const ROOT = join(import.meta.dirname, '../../..')
const tables = [
  [COVERAGE_FILE, coverageTable(currentFacts())],
  [ERRORS_FILE, errorTable(await currentErrors(ROOT))],
] as const
for (const [file, table] of tables) {
  if (!process.argv.includes('--check')) {
    await writeFile(file, table)
  } else if ((await readFile(file, 'utf8').catch(() => '')) !== table) {
    console.error(`${file} is not current: run npm run coverage-table`)
    process.exitCode = 1
  }
}
