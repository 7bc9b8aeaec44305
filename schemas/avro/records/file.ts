import {
  bytes,
  int,
  int64,
  list,
  long,
  nested,
  optional,
  type RecordOf,
  record,
  text,
  withDefault,
} from '../dsl.ts'

/** Where bytes of a document stand: in which of its contents, from where, how many. */
const extent = { content: int, start: long, length: long } as const

/** What stands sealed in a document's row: what it looks like, and how its bytes are found and opened. */
export const FileDescription = record('FileDescription', {
  /** A TL `document` or `photo` of the newest layer at the time of writing, without access hash and file reference. */
  value: bytes,
  /** SHA-256 of each content, which its name and its key are made of, and its size in bytes. */
  contents: list(nested('FileContent', { sha256: bytes, generation: long, sizeBytes: long })),
  /** The file itself; null for photos, which are their sizes alone. */
  main: optional(nested('FileExtent', extent)),
  sizes: list(nested('FileSize', { type: text, ...extent })),
  /** Ids of the sets whose stickers were laid on it. */
  stickerSets: withDefault(list(int64), []),
})
export type FileDescription = RecordOf<typeof FileDescription>
