import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'

const MAGIC = 0xbeefc0de
const MAGIC_AT = 24
const PAGE_SIZE_AT = 48
const LAST_PAGE_AT = 144
const TRANSACTION_AT = 152
const META_BYTES = 160

/**
 * Why a file cannot be an LMDB database, or undefined. LMDB maps the file and trusts it, so that a damaged head or a file
 * cut short would end the process without a word: its two meta pages (struct MDB_meta of lmdb's mdb.c) are read first.
 */
export function metaDamage(path: string): string | undefined {
  if (!existsSync(path)) return undefined
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    return size === 0 ? undefined : damageOf(file, size)
  } finally {
    closeSync(file)
  }
}

function damageOf(file: number, size: number): string | undefined {
  const first = metaAt(file, 0)
  const pageBytes = first?.readUInt32LE(PAGE_SIZE_AT) ?? 0
  const second = first && metaAt(file, pageBytes)
  if (first === undefined || second === undefined) return 'the file is damaged'
  const newest = transactionOf(first) > transactionOf(second) ? first : second
  const lastPage = Number(newest.readBigUInt64LE(LAST_PAGE_AT))
  return (lastPage + 1) * pageBytes > size ? 'the file has been cut short' : undefined
}

function metaAt(file: number, at: number): Buffer | undefined {
  const meta = Buffer.alloc(META_BYTES)
  const read = readSync(file, meta, 0, META_BYTES, at)
  return read === META_BYTES && meta.readUInt32LE(MAGIC_AT) === MAGIC ? meta : undefined
}

function transactionOf(meta: Buffer): bigint {
  return meta.readBigUInt64LE(TRANSACTION_AT)
}
