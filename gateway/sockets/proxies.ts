import { isIP } from 'node:net'

/**
 * Whom a request comes from: its peer, or, where that is a trusted proxy, the last address in `X-Forwarded-For`, which is the
 * one that the proxy itself saw; earlier ones are what the client claims.
 */
export function clientAddress(peer: string, forwardedFor: string, proxies: ReadonlySet<string>): string {
  if (!proxies.has(peer)) return peer
  const last = forwardedFor.slice(forwardedFor.lastIndexOf(',') + 1).trim()
  return isIP(last) === 0 ? peer : last
}
