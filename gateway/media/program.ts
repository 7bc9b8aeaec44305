import { spawn } from 'node:child_process'
import { FFMPEG_CPU_SECONDS, FFMPEG_MAX_MEMORY_BYTES, MAX_ANIMATION_BYTES } from './limits.ts'

export interface ProgramLimits {
  readonly timeoutMs: number
  readonly maxOutputBytes: number
  /** Ends the program early. */
  readonly signal: AbortSignal
}

const KIB = 1024
const BLOCK_BYTES = 512
/** Sets limits of processor time, memory and written files, then becomes the program; values come as arguments, never as text. */
const LIMITED = `ulimit -t ${FFMPEG_CPU_SECONDS}; ulimit -v ${FFMPEG_MAX_MEMORY_BYTES / KIB} 2>/dev/null; ulimit -f ${
  MAX_ANIMATION_BYTES / BLOCK_BYTES
}; ulimit -c 0; exec nice -n 10 "$@"`

/**
 * What a program writes to its standard output. Undefined where it cannot be started, fails, takes too long, is ended or writes too
 * much: its input is to blame then, and nothing of it is believed. It inherits no environment but the search path.
 */
export function outputOf(
  program: string,
  args: readonly string[],
  { timeoutMs, maxOutputBytes, signal }: ProgramLimits,
): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', LIMITED, 'sh', program, ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH: process.env.PATH, LANG: 'C' },
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      signal,
    })
    const chunks: Buffer[] = []
    let bytes = 0
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > maxOutputBytes) child.kill('SIGKILL')
      else chunks.push(chunk)
    })
    child.on('error', () => resolve(undefined))
    child.on('close', (code) => resolve(code === 0 ? Buffer.concat(chunks, bytes) : undefined))
  })
}
