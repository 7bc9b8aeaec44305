import type { Reply, ReplyAddress } from '@heliograph/schemas/avro'
import { type Bus, gatewayChannel } from '@heliograph/storage'
import type { Answer, Publication, Rejection } from './decider.ts'
import type { Codec } from './ports.ts'

/** A bus message, ready to go. */
export interface Delivery {
  readonly channel: string
  readonly payload: Buffer
}

/** What the caller gets whose command, or an earlier one of the same actor, could not be handled. */
export const INTERNAL: Rejection = { code: 500, message: 'INTERNAL' }

export function deliveryOf(codec: Codec, reaction: Answer | Publication): Delivery {
  const channel = reaction.kind === 'answer' ? gatewayChannel(reaction.to.gateway) : reaction.channel
  return { channel, payload: codec.encodeBare(reaction.record) }
}

/** The answer without a body: a bare yes, or an error. */
export function bareAnswer(codec: Codec, to: ReplyAddress, error: Rejection | null): Delivery {
  const record: Reply = { type: 'Reply', request: to.request, error, mailbox: null, userId: null }
  return { channel: gatewayChannel(to.gateway), payload: codec.encodeBare(record) }
}

export function deliver(bus: Bus, deliveries: readonly Delivery[]): void {
  for (const { channel, payload } of deliveries) bus.publish(channel, payload)
}
