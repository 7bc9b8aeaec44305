import { execFile } from 'node:child_process'
import { access, constants, mkdir, rename, rm } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** Downloads and package installs end within this or fail. */
export const INSTALL_MS = 10 * 60_000
const MAX_OUTPUT_BYTES = 16 << 20
const SHOWN_LINES = 6

/** Runs a program to its end and returns its output, both streams. Throws with its last lines where it fails. */
export async function run(
  command: string,
  args: readonly string[],
  env?: NodeJS.ProcessEnv,
): Promise<string> {
  try {
    const { stdout, stderr } = await execute(command, args, {
      timeout: INSTALL_MS,
      maxBuffer: MAX_OUTPUT_BYTES,
      env: { ...process.env, ...env },
    })
    return stdout + stderr
  } catch (error) {
    const {
      stdout = '',
      stderr = '',
      message,
    } = error as { stdout?: string; stderr?: string; message: string }
    const output = `${stdout}${stderr}`.trim().split('\n').slice(-SHOWN_LINES).join('\n')
    throw new Error(`${command} failed: ${output === '' ? message : output}`)
  }
}

/** The full path of a program; undefined where none is on the PATH. */
export async function findProgram(name: string): Promise<string | undefined> {
  for (const dir of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(dir, name)
    const runnable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (runnable) return path
  }
  return undefined
}

/** Fills a directory all or nothing: `fill` works in one beside it, that is renamed when it is whole. */
export async function fillOnce(dir: string, fill: (partial: string) => Promise<void>): Promise<void> {
  if (await exists(dir)) return
  const partial = `${dir}.partial-${process.pid}`
  try {
    await mkdir(partial, { recursive: true })
    await fill(partial)
    await rename(partial, dir).catch(async (error: NodeJS.ErrnoException) => {
      // Another process was first with the same.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
    })
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
