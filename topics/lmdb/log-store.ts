/**
 * What the log needs of the store that it shares with the tables: an ordered set of keys and values whose writes are
 * queued, seen at once, and made durable in order. Keys are latin1 strings, one character for each byte.
 */
export interface LogSpace {
  /** The value as the caller's own. */
  copy(key: string): Buffer | undefined
  /** The value must not change afterwards. Keys that start with the same `groupLength` characters are found together. */
  put(key: string, value: Buffer, groupLength?: number): void
  remove(key: string, groupLength?: number): void
  /** Entries with `lower <= key < upper`; values are valid until the next read. The space is not written meanwhile. */
  range(
    lower: string,
    upper: string,
    descending?: boolean,
    groupLength?: number,
  ): Iterable<{ readonly key: string; readonly value: Buffer }>
}
export interface LogStore {
  space(name: 'log' | 'topics' | 'commits'): LogSpace
  /** Resolves when all that was queued before is durable. */
  barrier(): Promise<void>
  /** Resolves when all that was queued before in the space `log` is durable. */
  appended(): Promise<void>
  /** Undefined while there is room for more writes; otherwise resolves when there is. */
  room(): Promise<void> | undefined
}
