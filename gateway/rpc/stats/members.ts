import type { UserId } from '@heliograph/schemas/avro'
import { peerIdOfChat } from '@heliograph/schemas/avro'
import type { Tl } from '@heliograph/schemas/tl'
import { channelStates, chatMembers } from '@heliograph/storage'
import { isMutedBy, notifyScopes, notifySettingsOf } from '../account/notify.ts'
import type { Reached } from '../chats/reach.ts'
import type { CallContext } from '../handler.ts'

/** Members that are looked at for what each has chosen or read; of larger chats these stand for all. */
export const MAX_SAMPLE = 200

async function sample({ services }: CallContext, { chatId }: Reached): Promise<UserId[]> {
  const rows = await services.tables.range(chatMembers, { chatId }, { limit: 2 * MAX_SAMPLE })
  const members = rows.filter(({ isIn, peerId }) => isIn === true && peerId! > 0)
  return members.slice(0, MAX_SAMPLE).map((row) => row.peerId as UserId)
}

/** A share of the sample, of all members. */
const ofAll = (count: number, sampled: number, { facts }: Reached): number =>
  sampled === 0 ? 0 : Math.round((count / sampled) * facts.participants)

/** How many members are notified of what is posted. */
export async function notifiedMembers(
  context: CallContext,
  reached: Reached,
): Promise<Tl<'statsPercentValue'>> {
  const members = await sample(context, reached)
  const peerId = peerIdOfChat(reached.chatId)
  const muted = await Promise.all(
    members.map(async (user) => {
      const [own, scopes] = await Promise.all([
        notifySettingsOf(context.services, user, peerId),
        notifyScopes(context.services, user),
      ])
      return isMutedBy(own, scopes(peerId, true), context.now)
    }),
  )
  const notified = muted.filter((is) => !is).length
  return {
    _: 'statsPercentValue',
    part: ofAll(notified, members.length, reached),
    total: reached.facts.participants,
  }
}

/** How many members have read any of what was written from each of these messages on, and so have seen some of it. */
export async function viewersFrom(
  context: CallContext,
  reached: Reached,
  firstSeqs: readonly (number | undefined)[],
): Promise<number[]> {
  const { chatId } = reached
  const members = await sample(context, reached)
  const refs = members.map((userId) => ({ table: channelStates, key: { userId, chatId } }))
  const read = (await context.services.tables.getMany(refs)).map((row) => Number(row?.readSeq ?? 0))
  return firstSeqs.map((firstSeq) => {
    if (firstSeq === undefined) return 0
    const viewers = read.filter((seq) => seq >= firstSeq).length
    return ofAll(viewers, members.length, reached)
  })
}
