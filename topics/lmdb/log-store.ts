/**
 * What the log needs of the store that it shares with the tables: an ordered set of keys and values whose writes are
 * queued, seen at once, and made durable in order. Keys are latin1 strings, one character for each byte.
 */
export interface LogSpace {
  /** The value as the caller's own. */
  copy(key: string): Buffer | undefined
  /** The value must not change afterwards. */
  put(key: string, value: Buffer): void
  remove(key: string): void
  /** Entries with `lower <= key < upper`; values are valid until the next read. The space is not written meanwhile. */
  range(
    lower: string,
    upper: string,
    descending?: boolean,
  ): Iterable<{ readonly key: string; readonly value: Buffer }>
}
export interface LogStore {
  space(name: string): LogSpace
  /** Resolves when all that was queued before is durable. */
  barrier(): Promise<void>
  /** Undefined while there is room for more writes; otherwise resolves when there is. */
  room(): Promise<void> | undefined
}
