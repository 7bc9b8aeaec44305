import { usageOf } from '../process-usage.ts'

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
  readonly #pending = new Set<Promise<void>>()
  #nextTenth = 0

  /** Takes a mark where another tenth of `total` is done. */
  at(done: number, total: number): void {
    const tenth = Math.floor((10 * done) / Math.max(1, total))
    if (tenth < this.#nextTenth) return
    this.#nextTenth = tenth + 1
    const seconds = (performance.now() - this.#startedMs) / 1000
    const pending = memoryNow().then((memory) => {
      this.marks.push({ ...memory, done, seconds })
      this.#pending.delete(pending)
    })
    this.#pending.add(pending)
  }

  /** Seconds of the whole phase. */
  async end(): Promise<number> {
    const seconds = (performance.now() - this.#startedMs) / 1000
    await Promise.all(this.#pending)
    return seconds
  }
}

async function memoryNow(): Promise<Memory> {
  const { residentBytes, privateBytes } = await usageOf(process.pid)
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
