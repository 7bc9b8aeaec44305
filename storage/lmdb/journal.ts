import { closeSync, constants, fsyncSync, ftruncateSync, openSync, readFileSync, write } from 'node:fs'
import { join } from 'node:path'
import { Frame, type JournalContent, readJournal } from './journal-format.ts'

const FILES = ['journal-0', 'journal-1'] as const
const MODE = 0o600
/**
 * Writing over a file is faster than adding to it: length and place need not be made durable. But the kernel caches what
 * came in one large write as one large page, and a small write to that would take all of it to the disk again. A file
 * with frames larger than this is emptied before it is used again.
 */
const MAX_OVERWRITTEN_FRAME_BYTES = 64 * 1024
/** Every write is on the disk before it returns (open(2), O_DSYNC): one system call in place of write and fdatasync. */
const OPEN_FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_DSYNC

/**
 * The write-ahead journal of an environment: two files, used in turn. A generation of writes goes to one file; when LMDB
 * holds all of it, the generation after the next may overwrite the file. One frame is written at a time.
 */
export class Journal {
  readonly #files: readonly number[]
  /** What each file holds, 0 for nothing. */
  readonly #held: number[]
  readonly #large: boolean[]
  #filling = new Frame()
  #writing = new Frame()
  #generation: number
  #at = 0

  private constructor(files: readonly number[], held: number[]) {
    this.#files = files
    this.#held = held
    this.#large = held.map(() => false)
    this.#generation = Math.max(...held) + 1
  }

  /** Opens the files in a directory. `left` is what they hold, oldest first; a crash left it, LMDB may lack it. */
  static open(directory: string): { journal: Journal; left: readonly JournalContent[] } {
    const paths = FILES.map((name) => join(directory, name))
    const files = paths.map((path) => openSync(path, OPEN_FLAGS, MODE))
    syncDirectory(directory)
    const left = paths.map((path) => readJournal(readFileSync(path)))
    const held = left.map(({ generation }) => generation)
    return { journal: new Journal(files, held), left: left.sort((a, b) => a.generation - b.generation) }
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
    const index = this.#generation % this.#files.length
    this.#held[index] = this.#generation
    if (at === 0) this.#empty(index)
    if (bytes.length > MAX_OVERWRITTEN_FRAME_BYTES) this.#large[index] = true
    await writeWhole(this.#files[index]!, bytes, at)
    frame.clear()
  }

  /** What is added from now on belongs to the next generation. To be called right after `flush`, before more is added. */
  rotate(): void {
    this.#generation++
    this.#at = 0
  }

  /**
   * Forgets everything: LMDB holds all of it. The older generation goes first: were it there alone after a crash, it
   * would be written over what followed it.
   */
  reset(): void {
    const oldestFirst = this.#files.map((_, index) => index).sort((a, b) => this.#held[a]! - this.#held[b]!)
    for (const index of oldestFirst) {
      ftruncateSync(this.#files[index]!)
      fsyncSync(this.#files[index]!)
    }
    this.rotate()
  }

  close(): void {
    for (const file of this.#files) closeSync(file)
  }

  #empty(index: number): void {
    if (!this.#large[index]) return
    this.#large[index] = false
    ftruncateSync(this.#files[index]!)
  }
}

/** Makes new files in it durable. */
function syncDirectory(path: string): void {
  const directory = openSync(path, 'r')
  fsyncSync(directory)
  closeSync(directory)
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
