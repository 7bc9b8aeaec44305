import { closeSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { DataDirectoryInUse } from './failures.ts'

const LOCK_FILE = 'process.lock'
const ATTEMPTS = 3

/** Takes a data directory for this process; throws `DataDirectoryInUse`. A lock that a crash left behind is taken over. */
export function lockDataDirectory(directory: string): { release(): void } {
  const path = join(directory, LOCK_FILE)
  const mine = identityOf(process.pid) ?? `${process.pid}`
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (create(path, mine)) return { release: () => release(path, mine) }
    const holder = read(path)
    if (holder !== undefined && isRunning(holder)) {
      throw new DataDirectoryInUse(`${directory} is in use by process ${holder.split(' ')[0]}`)
    }
    if (holder !== undefined) moveAway(path, holder)
  }
  throw new DataDirectoryInUse(`${directory} is being opened by another process`)
}

function create(path: string, content: string): boolean {
  try {
    const file = openSync(path, 'wx', 0o600)
    writeSync(file, content)
    closeSync(file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** Removes a stale lock. A rename is atomic: who finds that it moved a fresh lock instead puts it back. */
function moveAway(path: string, stale: string): void {
  const aside = `${path}.${process.pid}`
  try {
    renameSync(path, aside)
  } catch {
    return
  }
  if (read(aside) === stale) rmSync(aside, { force: true })
  else renameSync(aside, path)
}

function release(path: string, mine: string): void {
  if (read(path) === mine) rmSync(path, { force: true })
}

/** Running under the same start time: a process id alone may have been given to another program since. */
function isRunning(holder: string): boolean {
  const pid = Number(holder.split(' ')[0])
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  const now = identityOf(pid)
  return now === undefined || now === holder || !holder.includes(' ')
}

const START_TIME_FIELD = 22

/** Process id and start time, where /proc tells (field 22 of proc(5) stat). */
function identityOf(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`)
  if (stat === undefined) return undefined
  const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return `${pid} ${afterName[START_TIME_FIELD - 3]}`
}
