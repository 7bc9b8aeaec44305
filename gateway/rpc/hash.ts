const MASK = 0xffff_ffff_ffff_ffffn

/** Folds numbers into the hash by which a client says what it has (core.telegram.org/api/offsets#hash-generation). */
export function idsHash(ids: Iterable<number | bigint>): bigint {
  let hash = 0n
  for (const id of ids) {
    hash ^= hash >> 21n
    hash ^= (hash << 35n) & MASK
    hash ^= hash >> 4n
    hash = (hash + BigInt(id)) & MASK
  }
  return BigInt.asIntN(64, hash)
}
