import type { LoadLine } from '../workload.ts'

/** One line of JSON to the bench, which reads this process's standard output. */
export function say(line: LoadLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
