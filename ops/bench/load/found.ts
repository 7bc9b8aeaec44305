import type { LoadResult, Workload } from '../workload.ts'
import { foundChannel } from './group-chat.ts'
import type { LoadTarget } from './user.ts'

/** Makes a channel, and measures nothing. */
export async function runFound(
  { chat }: Extract<Workload, { kind: 'found' }>,
  target: LoadTarget,
): Promise<LoadResult> {
  return {
    messages: 0,
    seconds: 0,
    acknowledged: undefined,
    delivered: undefined,
    cpuSeconds: 0,
    sentInAll: 0,
    foundInHistory: 0,
    keyExchangesPerSecond: undefined,
    signInsPerSecond: undefined,
    founded: await foundChannel(chat, target),
  }
}
