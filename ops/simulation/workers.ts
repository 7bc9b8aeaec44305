import { type ChildProcess, fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Finding, Task } from './search.ts'

type Sent = { readonly ready: true } | { readonly found: Finding } | { readonly stray: string }

/** Gives tasks to as many processes as there are cores; `found` is told what came of each, `stray` of lost rejections. */
export async function performAll(
  tasks: readonly Task[],
  found: (finding: Finding) => void,
  stray: (error: string) => void = () => {},
): Promise<void> {
  const left = [...tasks]
  const workers = Math.min(availableParallelism(), tasks.length)
  await Promise.all(Array.from({ length: workers }, () => work(left, found, stray)))
}

function work(
  left: Task[],
  found: (finding: Finding) => void,
  stray: (error: string) => void,
): Promise<void> {
  const file = fileURLToPath(import.meta.url)
  const worker = fork(file.replace(/workers(\.\w+)$/, `worker${extname(file)}`))
  return new Promise((resolve, reject) => {
    worker.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`))))
    worker.on('message', (sent: Sent) => {
      if ('stray' in sent) return stray(sent.stray)
      if ('found' in sent) found(sent.found)
      next(worker, left)
    })
  })
}

function next(worker: ChildProcess, left: Task[]): void {
  const task = left.shift()
  if (task === undefined) worker.disconnect()
  else worker.send(task)
}
