import type { Arrival } from '../arrival.ts'
import { acknowledge } from '../kept.ts'
import { takeLongs } from '../tl-bytes.ts'

/** Ids in one service message (core.telegram.org/mtproto/service_messages_about_messages). */
export const MOST_IDS = 8192

/** `msgs_ack`: the client has our messages, so they need not be kept. */
export function receiveAcks({ session }: Arrival, body: Buffer): void {
  const ids = takeLongs(body, 4, MOST_IDS)
  if (ids) for (const id of ids) acknowledge(session, id)
}
