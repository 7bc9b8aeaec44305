import type { Connection } from './connection.ts'

/**
 * Takes tokens of a bucket that is kept as "tokens milliseconds". KEYS: the bucket. ARGV: capacity, refill per second, cost. Gives
 * the seconds to wait, 0 where the tokens are taken. The clock is the server's, which all gateways share. As
 * `takeTokens` in token-bucket.ts.
 */
const TAKE = `
local capacity, rate, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local tokens, wait = capacity, 0
local before = redis.call('GET', KEYS[1])
if before then
  local level, at = string.match(before, '^(%S+) (%S+)$')
  if level then
    tokens = math.min(capacity, tonumber(level) + math.max(0, now - tonumber(at)) / 1000 * rate)
  end
end
if tokens >= cost then tokens = tokens - cost
else wait = math.max(1, math.ceil((cost - tokens) / rate)) end
redis.call('SET', KEYS[1], string.format('%.17g %.0f', tokens, now), 'PX', math.ceil(capacity / rate * 1000))
return wait`

/** Adds ARGV[1] to a counter that lives ARGV[2] milliseconds from its first use. */
const INCREMENT = `
local value = redis.call('INCRBY', KEYS[1], ARGV[1])
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return value`

/** Publishes ARGV in pairs of channel and payload; one command, and one answer, for many publications. */
const PUBLISH = `
for i = 1, #ARGV, 2 do redis.call('SPUBLISH', ARGV[i], ARGV[i + 1]) end
return #ARGV / 2`

export interface Scripts {
  hgTake(key: string, capacity: number, refillPerSecond: number, cost: number): Promise<number>
  hgIncrement(key: string, by: number, ttlMs: number): Promise<number>
  hgPublish(channelsAndPayloads: readonly (string | Buffer)[]): Promise<number>
}

/** The connection with the scripts as commands; ioredis sends their text where the server does not know them yet. */
export function withScripts<C extends Connection>(connection: C): C & Scripts {
  connection.defineCommand('hgTake', { numberOfKeys: 1, lua: TAKE })
  connection.defineCommand('hgIncrement', { numberOfKeys: 1, lua: INCREMENT })
  connection.defineCommand('hgPublish', { numberOfKeys: 0, lua: PUBLISH })
  return connection as C & Scripts
}
