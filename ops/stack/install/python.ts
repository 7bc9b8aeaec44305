import type { Report } from '../spec.ts'
import { fillOnce, findProgram, run } from './run.ts'

const MISSING = 'Python 3 with pip is needed: apt-get install python3-pip'

/** Installs one release from PyPI, and nothing that it depends on, into a directory of its own. */
export async function installWheel(
  dir: string,
  project: string,
  version: string,
  report: Report,
): Promise<void> {
  await fillOnce(dir, async (partial) => {
    report(`installing ${project} ${version} from PyPI`)
    const python = await findProgram('python3')
    if (python === undefined) throw new Error(MISSING)
    await run(python, ['-m', 'pip', '--version']).catch(() => {
      throw new Error(MISSING)
    })
    const target = ['--no-deps', '--target', partial]
    await run(python, [
      '-m',
      'pip',
      'install',
      '-q',
      '--disable-pip-version-check',
      ...target,
      `${project}==${version}`,
    ])
  })
}
