import type { ChatId } from '@heliograph/schemas/avro'
import { RpcError } from '@heliograph/schemas/tl'

/** Charts whose days can be looked at by the hour. */
export const ZOOMED = ['growth', 'followers', 'interactions', 'messages'] as const
export type Zoomed = (typeof ZOOMED)[number]

/** What a token stands for. It opens nothing by itself: who gives it back must be an administrator still. */
export interface Zoom {
  readonly chatId: ChatId
  readonly graph: Zoomed
  readonly dark: boolean
}

/** A token is good for so long. */
const LIFE_SECONDS = 24 * 3600

export const zoomToken = ({ chatId, graph, dark }: Zoom, now: number): string =>
  [chatId, graph, dark ? 'dark' : 'light', now].join('.')

/** @throws RpcError 400 GRAPH_INVALID_RELOAD, GRAPH_EXPIRED_RELOAD */
export function zoomOf(token: string, now: number): Zoom {
  const [chatId = '', graph, mode, issued, ...rest] = token.split('.')
  const isKnown = /^c[1-9]\d{0,14}$/.test(chatId) && ZOOMED.includes(graph as Zoomed)
  if (!isKnown || !/^\d{1,12}$/.test(issued ?? '') || rest.length > 0) {
    throw new RpcError(400, 'GRAPH_INVALID_RELOAD')
  }
  if (Number(issued) + LIFE_SECONDS < now) throw new RpcError(400, 'GRAPH_EXPIRED_RELOAD')
  return { chatId: chatId as ChatId, graph: graph as Zoomed, dark: mode === 'dark' }
}
