import { bytes, int, long, nested, optional, text, type ValueOf } from '../dsl.ts'

/** Where a record stands in the log. `index` tells consequences of the same record apart. */
export const positionFields = { topic: text, partition: int, offset: long, index: int } as const
export type Position = ValueOf<typeof positionFields>

/**
 * Whom to answer. `gateway` names the node (bus channel `gateway:<node>`), `request` is that node's own number of the
 * waiting call, `session` is the session that asked (16 bytes: auth key id, session id), which must not be sent its own update.
 */
export const replyAddressFields = { gateway: text, request: long, session: bytes } as const
export type ReplyAddress = ValueOf<typeof replyAddressFields>

/** Stands first in every record of every topic. */
export const headerFields = {
  /** The record that this one follows from; null for what a gateway produced. */
  cause: optional(nested('Position', positionFields)),
  /** Epoch of the owner that wrote it; 0 for commands. */
  epoch: int,
  reply: optional(nested('ReplyAddress', replyAddressFields)),
  /** W3C `traceparent` of the step that wrote it, where its call is traced. */
  trace: optional(text),
} as const
type HeaderValue = ValueOf<typeof headerFields>
/** `trace` may be left out by those who write; those who read get null. */
export type RecordHeader = Omit<HeaderValue, 'trace'> & Partial<Pick<HeaderValue, 'trace'>>
