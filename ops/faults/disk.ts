import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from '../stack/install/run.ts'

const FILLER = 'filler'
const CHUNK_BYTES = 1 << 20
const SMALLEST_BYTES = 512

/** A small disk in memory, mounted where a server keeps its data. Needs root. */
export class SmallDisk {
  readonly dir: string

  private constructor(dir: string) {
    this.dir = dir
  }

  static async mount(dir: string, sizeMb: number): Promise<SmallDisk> {
    await mkdir(dir, { recursive: true })
    await run('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m,mode=0700`, 'heliograph-faults', dir])
    return new SmallDisk(dir)
  }

  /** Writes until not one more block is free. */
  async fill(): Promise<void> {
    const file = await open(join(this.dir, FILLER), 'a')
    try {
      for (let bytes = CHUNK_BYTES; bytes >= SMALLEST_BYTES; ) {
        const isWritten = await file.write(Buffer.alloc(bytes)).then(() => true, refusedForSpace)
        if (!isWritten) bytes /= 2
      }
    } finally {
      await file.close()
    }
  }

  async free(): Promise<void> {
    await rm(join(this.dir, FILLER), { force: true })
  }

  async unmount(): Promise<void> {
    // A server that was just killed may hold its files for a moment longer.
    await run('umount', ['--lazy', this.dir])
  }
}

function refusedForSpace(error: NodeJS.ErrnoException): false {
  if (error.code !== 'ENOSPC') throw error
  return false
}
