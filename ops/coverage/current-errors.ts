import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CANNOT_OCCUR } from './cannot-occur.ts'
import { currentFacts } from './current.ts'
import type { ErrorFacts } from './errors.ts'
import { coverageOf } from './table.ts'

/** The npm package whose data says which errors each method may raise (MIT). */
const ERROR_DATA = 'node_modules/@mtcute/core/tl/raw-errors.json'
const SOURCE_FOLDERS = ['gateway', 'actors']
const TEST_FOLDERS = ['gateway', 'actors', 'ops']

/** The facts of this build and of the sources under `root`, which hold its tests. */
export async function currentErrors(root: string): Promise<ErrorFacts> {
  const facts = currentFacts()
  const answered = coverageOf(facts).filter(({ status }) => status !== 'refused')
  const { throws } = JSON.parse(await readFile(join(root, ERROR_DATA), 'utf8')) as Pick<ErrorFacts, 'throws'>
  const isTest = (name: string) => name.endsWith('.test.ts')
  return {
    layer: facts.layer,
    methods: answered.map(({ name }) => name),
    throws,
    sources: await textsIn(root, SOURCE_FOLDERS, (name) => !isTest(name)),
    tests: await textsIn(root, TEST_FOLDERS, isTest),
    absent: CANNOT_OCCUR,
  }
}

async function textsIn(
  root: string,
  folders: readonly string[],
  wanted: (name: string) => boolean,
): Promise<string[]> {
  const texts: string[] = []
  for (const folder of folders) {
    const names = await readdir(join(root, folder), { recursive: true })
    for (const name of names.sort()) {
      const isOwn = !/(^|[/\\])(dist|node_modules)[/\\]/.test(name) && name.endsWith('.ts')
      if (isOwn && wanted(name)) texts.push(await readFile(join(root, folder, name), 'utf8'))
    }
  }
  return texts
}
