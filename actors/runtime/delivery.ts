import type { Reply, ReplyAddress } from '@heliograph/schemas/avro'
import { type Bus, gatewayChannel } from '@heliograph/storage'
import type { Answer, Publication, Rejection } from './decider.ts'
import type { Codec } from './ports.ts'

/** A bus message, ready to go. */
export interface Delivery {
  readonly channel: string
  readonly payload: Buffer
  /** What the payload says. */
  readonly record: object
}

/** What the caller gets whose command, or an earlier one of the same actor, could not be handled. */
export const INTERNAL: Rejection = { code: 500, message: 'INTERNAL' }

/** When the command behind a publication was given, and the step of its trace, for those who measure. */
export interface Origin {
  readonly causedMs: number
  readonly trace: string | null
}

/** `origin` is written into what is published: it belongs to no decision, so those who decide know nothing of it. */
export function deliveryOf(codec: Codec, reaction: Answer | Publication, origin?: Origin): Delivery {
  if (origin !== undefined && reaction.kind === 'publication') Object.assign(reaction.record, origin)
  const channel = reaction.kind === 'answer' ? gatewayChannel(reaction.to.gateway) : reaction.channel
  const { record } = reaction
  return { channel, payload: codec.encodeBare(record), record }
}

/** The answer without a body: a bare yes, or an error. */
export function bareAnswer(codec: Codec, to: ReplyAddress, error: Rejection | null): Delivery {
  const record: Reply = {
    type: 'Reply',
    request: to.request,
    error,
    mailbox: null,
    channel: null,
    userId: null,
  }
  return { channel: gatewayChannel(to.gateway), payload: codec.encodeBare(record), record }
}

export function deliver(bus: Bus, deliveries: readonly Delivery[]): void {
  for (const { channel, payload, record } of deliveries) bus.publish(channel, payload, record)
}
