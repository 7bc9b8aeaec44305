import { GENEROUS_EXCHANGE_LIMITS, type SessionLimits, type SocketLimits } from '@heliograph/gateway/mtproto'
import type { GatewayOptions } from './options/options.ts'

/** A client makes a handful of keys at first, then one a day: for a full house of them, this is an hour. */
const REFILL_SECONDS = 1_000
const DEVELOPMENT_CONNECTIONS = 50_000
/** What a client that sends large frames may have under way. */
const HELD_BYTES_PER_CLIENT = 128 * 1024
const LEAST_HELD_BYTES = 16 * 1024 * 1024

/** What one network address may take of the server. */
export interface AddressLimits {
  readonly sockets: Partial<SocketLimits>
  readonly sessions: Partial<SessionLimits>
}

/**
 * A fixed log-in code makes a development server, on which one address may take all there is; otherwise the defaults hold. A
 * number given by the operator replaces either.
 */
export function addressLimits(
  options: Pick<GatewayOptions, 'loginCode' | 'clientsPerAddress'>,
): AddressLimits {
  const { loginCode, clientsPerAddress } = options
  if (clientsPerAddress !== undefined) {
    const exchangesPerAddress = {
      capacity: clientsPerAddress,
      refillPerSecond: clientsPerAddress / REFILL_SECONDS,
    }
    return {
      sockets: socketLimits(clientsPerAddress),
      sessions: { openExchangesPerAddress: clientsPerAddress, exchangesPerAddress },
    }
  }
  if (loginCode === undefined) return { sockets: {}, sessions: {} }
  return {
    sockets: socketLimits(DEVELOPMENT_CONNECTIONS),
    sessions: GENEROUS_EXCHANGE_LIMITS,
  }
}

function socketLimits(clients: number): Partial<SocketLimits> {
  return {
    maxConnectionsPerAddress: clients,
    maxHeldBytesPerAddress: Math.max(LEAST_HELD_BYTES, clients * HELD_BYTES_PER_CLIENT),
  }
}
