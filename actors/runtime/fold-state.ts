import type { TableDeclaration } from '@heliograph/storage'
import { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import { expectVersion } from './checkpoint.ts'
import { layoutOf, readRow, writeRow } from './row-codec.ts'
import type { RowImage, RowImages } from './row-view.ts'
import { Watermarks } from './watermarks.ts'

const FOLD_VERSION = 1
const NO_ROW = Buffer.alloc(0)

/**
 * Where a fold stands in one partition, saved before the rows of a batch are written. Rows of [`next`, `end`) may be
 * written in part; `before` has what the batch read and then overwrote, so that counting it again counts it once.
 */
export interface FoldState {
  readonly next: number
  readonly end: number
  /** Epoch in force at `next`, and watermarks as they are there. */
  readonly epoch: number
  readonly watermarks: Watermarks
  readonly before: RowImages
}

/** The part of a state that holds before a batch; `finishFoldState` adds the rest. */
export function beginFoldState(to: ByteWriter, state: Omit<FoldState, 'before'>): void {
  to.reset().number(FOLD_VERSION)
  to.number(state.next)
  to.number(state.end)
  to.number(state.epoch)
  state.watermarks.write(to)
}

export function finishFoldState(to: ByteWriter, row: ByteWriter, before: readonly RowImage[]): Buffer {
  const layouts = [...new Set(before.map(({ table }) => layoutOf(table)))]
  to.number(layouts.length)
  for (const layout of layouts) to.text(layout)
  to.number(before.length)
  for (const image of before) {
    to.text(image.id)
    to.number(layouts.indexOf(layoutOf(image.table)))
    if (image.row === undefined) to.blob(NO_ROW)
    else {
      writeRow(row.reset(), image.table, image.row)
      to.blob(row.view())
    }
  }
  return to.finish()
}

export function readFoldState(bytes: Buffer): FoldState {
  const from = new ByteReader(bytes)
  expectVersion(from, FOLD_VERSION)
  const next = from.number()
  const end = from.number()
  const epoch = from.number()
  const watermarks = Watermarks.read(from)
  const before = new StoredImages(from)
  from.end()
  return { next, end, epoch, watermarks, before }
}

/** Rows are read only when they are asked for: the record that needs one knows its table. */
class StoredImages implements RowImages {
  readonly #rows = new Map<string, { readonly layout: string; readonly bytes: Buffer }>()

  constructor(from: ByteReader) {
    const layouts: string[] = []
    for (let left = from.number(); left > 0; left--) layouts.push(from.text())
    for (let left = from.number(); left > 0; left--) {
      const id = from.text()
      const layout = layouts[from.number()] as string
      this.#rows.set(id, { layout, bytes: from.blob() })
    }
  }

  find(id: string, table: TableDeclaration) {
    const found = this.#rows.get(id)
    if (found === undefined) return undefined
    const { layout, bytes } = found
    return { row: bytes.length === 0 ? undefined : readRow(new ByteReader(bytes), table, layout) }
  }
}
