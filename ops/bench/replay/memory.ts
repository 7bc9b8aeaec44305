import { readFileSync } from 'node:fs'
import { statusBytes } from '../process-usage.ts'

const MEBIBYTE = 1024 * 1024
const WIDTH = 9

/** Memory of this process, in bytes. `privateBytes` leaves out the pages of mapped files, such as LMDB's. */
export interface Memory {
  readonly residentBytes: number
  readonly privateBytes: number
  readonly heapBytes: number
  readonly externalBytes: number
}
/** Memory at one moment of a phase. */
export interface MemoryMark extends Memory {
  readonly done: number
  readonly seconds: number
}

/** Notes memory at the tenths of a phase. */
export class MemoryMarks {
  readonly marks: MemoryMark[] = []
  readonly #startedMs = performance.now()
  #nextTenth = 0

  /** Takes a mark where another tenth of `total` is done. */
  at(done: number, total: number): void {
    const tenth = Math.floor((10 * done) / Math.max(1, total))
    if (tenth < this.#nextTenth) return
    this.#nextTenth = tenth + 1
    this.marks.push({ ...memoryNow(), done, seconds: this.seconds })
  }

  /** Seconds so far. */
  get seconds(): number {
    return (performance.now() - this.#startedMs) / 1000
  }
}

/** Read at once: a phase may leave the event loop few turns. */
function memoryNow(): Memory {
  const status = readFileSync('/proc/self/status', 'utf8')
  const residentBytes = statusBytes(status, 'VmRSS')
  const privateBytes = statusBytes(status, 'RssAnon')
  const { heapUsed, external } = process.memoryUsage()
  return { residentBytes, privateBytes, heapBytes: heapUsed, externalBytes: external }
}

/** A table for people, in MiB. */
export function memoryLines(marks: readonly MemoryMark[]): string[] {
  const cells = (...all: string[]) => all.map((cell) => cell.padStart(WIDTH)).join(' ')
  const mebibytes = (bytes: number) => (bytes / MEBIBYTE).toFixed(0)
  return [
    cells('done', 'seconds', 'resident', 'private', 'heap', 'external'),
    ...marks.map((mark) =>
      cells(
        String(mark.done),
        mark.seconds.toFixed(1),
        ...[mark.residentBytes, mark.privateBytes, mark.heapBytes, mark.externalBytes].map(mebibytes),
      ),
    ),
  ]
}
