import { writeSync } from 'node:fs'
import { appendAfter, appendBefore, countAll, openCrashStore, upsertRow } from './steps.ts'

/**
 * Child of the crash test, killed at any moment. Finishes the step that the last crash cut, then goes on; writes a number
 * to standard output when the step of that number is durable. Ends with exit code 3 and one line when the store fails.
 */
const MAX_IN_FLIGHT = 50

async function main(directory: string): Promise<void> {
  const store = await openCrashStore(directory)
  const { before, rows, after } = await countAll(store)
  if (rows < before) await upsertRow(store, rows)
  if (after < before) await appendAfter(store, after)
  await store.environment.barrier()
  let acknowledged = before
  for (let n = before; ; n++) {
    await appendBefore(store, n)
    await upsertRow(store, n)
    await appendAfter(store, n)
    const durable = store.environment.barrier().then(() => {
      acknowledged = n + 1
      writeSync(1, `${n}\n`)
    })
    // Some steps share a commit, and some are cut apart by one.
    if (n - acknowledged >= MAX_IN_FLIGHT || n % 7 === 0) await durable
    else durable.catch(fail)
  }
}

let failed = false

/** Ends a turn later: a failure that nobody has heard of ends the process before, with another code. */
function fail(error: Error): void {
  if (failed) return
  failed = true
  writeSync(2, `${error.name} ${error.message}\n`)
  setImmediate(() => process.exit(3))
}

process.on('SIGXFSZ', () => undefined)
main(process.argv[2]!).catch(fail)
