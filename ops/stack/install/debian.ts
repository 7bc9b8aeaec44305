import type { Report } from '../spec.ts'
import { inTurn } from './in-turn.ts'
import { findProgram, run } from './run.ts'

/** Debian's package system takes one at a time. */
const installing = inTurn()

/** The path of a program, installed from its Debian package where it is absent and we may; else throws with what to do. */
export async function debianProgram(program: string, debianPackage: string, report: Report): Promise<string> {
  const found = await findProgram(program)
  if (found !== undefined) return found
  const byHand = `${program} is needed: apt-get install ${debianPackage}`
  if (process.getuid?.() !== 0 || (await findProgram('apt-get')) === undefined) throw new Error(byHand)
  report(`installing Debian's ${debianPackage}`)
  await installing(() => install(debianPackage))
  const installed = await findProgram(program)
  if (installed === undefined) throw new Error(byHand)
  return installed
}

async function install(debianPackage: string): Promise<void> {
  const quiet = { DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', ['update', '-qq'], quiet)
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', debianPackage], quiet)
}
