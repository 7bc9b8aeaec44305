export interface WrappedKey {
  readonly scope: string
  readonly wrapped: Buffer
}

/** Where wrapped keys are kept. What it changes is durable when it resolves; any call may reject with `StoreUnavailable`. */
export interface KeyStore {
  get(scope: string): Promise<Buffer | undefined>
  /** Keeps `wrapped` unless there is one already; resolves to the one that is kept. */
  putIfAbsent(scope: string, wrapped: Buffer): Promise<Buffer>
  /** Puts `after` in place of `before`; false, and nothing done, where something else is there or nothing. */
  replace(scope: string, before: Buffer, after: Buffer): Promise<boolean>
  delete(scope: string): Promise<void>
  /** All that are kept throughout, in no particular order; those that come or go meanwhile perhaps. */
  scan(): AsyncIterable<WrappedKey>
}
