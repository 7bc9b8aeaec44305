import type { BlobEntry } from '../blobs.ts'
import { discard, type Filer, isMissing } from './filer.ts'

/** Entries in one answer of the filer. */
const PAGE_ENTRIES = 1000

interface Page {
  readonly Entries: readonly RawEntry[] | null
  readonly LastFileName?: string
  readonly ShouldDisplayLoadMore?: boolean
}
interface RawEntry {
  readonly FullPath: string
  /** RFC 3339. */
  readonly Mtime: string
  readonly FileSize?: number
  /** Go's file mode; its highest bit is set for directories. */
  readonly Mode: number
}
export interface ListedEntry extends BlobEntry {
  readonly isDirectory: boolean
}

const DIRECTORY_BIT = 0x80000000

/** What a directory of the filer holds, page by page; nothing where there is no such directory. */
export async function* listed(filer: Filer, path: string): AsyncGenerator<ListedEntry> {
  for (let after = ''; ; ) {
    const page = await pageOf(filer, path, after)
    for (const entry of page?.Entries ?? []) yield entryOf(entry)
    if (page?.ShouldDisplayLoadMore !== true || page.LastFileName === undefined) return
    after = page.LastFileName
  }
}

function pageOf(filer: Filer, path: string, after: string): Promise<Page | undefined> {
  const query = `limit=${PAGE_ENTRIES}&lastFileName=${encodeURIComponent(after)}`
  const headers = { accept: 'application/json' }
  return filer.ask({ method: 'GET', path: `${path}/?${query}`, headers }, async (answer) => {
    if (!isMissing(answer)) return (await answer.body.json()) as Page
    await discard(answer)
    return undefined
  })
}

function entryOf({ FullPath, Mtime, FileSize, Mode }: RawEntry): ListedEntry {
  return {
    name: FullPath.slice(FullPath.lastIndexOf('/') + 1),
    sizeBytes: FileSize ?? 0,
    modifiedMs: Date.parse(Mtime),
    isDirectory: (Mode & DIRECTORY_BIT) !== 0,
  }
}
