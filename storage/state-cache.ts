export interface TokenBucket {
  /** Tokens the bucket holds when full. */
  readonly capacity: number
  readonly refillPerSecond: number
}
export type Taken = { readonly allowed: true } | { readonly allowed: false; readonly waitSeconds: number }

/** Short-lived state shared by gateways and actors. Losing all of it costs convenience, never a message. */
export interface StateCache {
  get(key: string): Promise<Buffer | undefined>
  getMany(keys: readonly string[]): Promise<(Buffer | undefined)[]>
  set(key: string, value: Buffer, ttlSeconds: number): Promise<void>
  /** Sets only where absent; true when it did. */
  add(key: string, value: Buffer, ttlSeconds: number): Promise<boolean>
  delete(key: string): Promise<void>
  /** Adds to a counter that starts at 0 with the ttl of its first use; resolves to the new value. */
  increment(key: string, by: number, ttlSeconds: number): Promise<number>
  /** Takes `cost` tokens, atomically. */
  take(key: string, bucket: TokenBucket, cost: number): Promise<Taken>
  close(): Promise<void>
}
