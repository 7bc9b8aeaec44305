import { RpcError, type TlType } from '@heliograph/schemas/tl'

/** Which messages of a channel a client wants to hear of. */
export interface Wanted {
  /** Both ends inclusive; undefined for all. */
  readonly ranges: readonly { readonly minId: number; readonly maxId: number }[] | undefined
  readonly newMessages: boolean
}

const EVERYTHING: Wanted = { ranges: undefined, newMessages: true }
const MAX_RANGES = 100

/** @throws RpcError 400 RANGES_INVALID */
export function wantedOf(filter: TlType<'ChannelMessagesFilter'>): Wanted {
  if (filter._ === 'channelMessagesFilterEmpty') return EVERYTHING
  const { ranges, excludeNewMessages } = filter
  const isInvalid =
    ranges.length > MAX_RANGES || ranges.some(({ minId, maxId }) => minId < 0 || minId > maxId)
  if (isInvalid) throw new RpcError(400, 'RANGES_INVALID')
  return { ranges: ranges.length === 0 ? undefined : ranges, newMessages: excludeNewMessages !== true }
}

export function inRanges({ ranges }: Wanted, id: number): boolean {
  return ranges === undefined || ranges.some(({ minId, maxId }) => minId <= id && id <= maxId)
}
