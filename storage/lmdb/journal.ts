import { closeSync, constants, fsyncSync, ftruncateSync, openSync, readFileSync, write } from 'node:fs'
import { join } from 'node:path'
import { Frame, type JournalContent, readJournal } from './journal-format.ts'

const FILES = ['journal-0', 'journal-1'] as const
const MODE = 0o600
/** Every write is on the disk before it returns (open(2), O_DSYNC): one system call in place of write and fdatasync. */
const OPEN_FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_DSYNC

/**
 * The write-ahead journal of an environment: two files, used in turn. A generation of writes goes to one file; when LMDB
 * holds all of it, the generation after the next may overwrite the file. One frame is written at a time.
 */
export class Journal {
  readonly #files: readonly number[]
  #filling = new Frame()
  #writing = new Frame()
  #generation: number
  #at = 0

  private constructor(files: readonly number[], generation: number) {
    this.#files = files
    this.#generation = generation
  }

  /** Opens the files in a directory. `left` is what they hold, oldest first; a crash left it, LMDB may lack it. */
  static open(directory: string): { journal: Journal; left: readonly JournalContent[] } {
    const paths = FILES.map((name) => join(directory, name))
    const files = paths.map((path) => openSync(path, OPEN_FLAGS, MODE))
    const left = paths.map((path) => readJournal(readFileSync(path)))
    left.sort((a, b) => a.generation - b.generation)
    return { journal: new Journal(files, left[1]!.generation + 1), left }
  }

  get isEmpty(): boolean {
    return this.#filling.isEmpty
  }

  add(space: number, key: string, value: Buffer | null): void {
    this.#filling.add(space, key, value)
  }

  /** Writes what was added. Resolves when it is on the disk. Not to be called again before. */
  async flush(): Promise<void> {
    if (this.#filling.isEmpty) return
    const frame = this.#filling
    this.#filling = this.#writing
    this.#writing = frame
    const bytes = frame.seal(this.#generation)
    const at = this.#at
    this.#at += bytes.length
    await writeWhole(this.#file(), bytes, at)
    frame.clear()
  }

  /** What is added from now on belongs to the next generation. To be called right after `flush`, before more is added. */
  rotate(): void {
    this.#generation++
    this.#at = 0
  }

  /** Forgets everything: LMDB holds all of it. */
  reset(): void {
    for (const file of this.#files) {
      ftruncateSync(file)
      fsyncSync(file)
    }
    this.#at = 0
  }

  close(): void {
    for (const file of this.#files) closeSync(file)
  }

  #file(): number {
    return this.#files[this.#generation % this.#files.length]!
  }
}

function writeWhole(file: number, bytes: Buffer, at: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = (from: number) => {
      write(file, bytes, from, bytes.length - from, at + from, (error, written) => {
        if (error !== null) reject(error)
        else if (from + written < bytes.length) next(from + written)
        else resolve()
      })
    }
    next(0)
  })
}
