import { chatIdOf, chatKindOf, type PeerId, type UserId } from '@heliograph/schemas/avro'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import { channelStates, chatMembers, chatReads, type RowOf } from '@heliograph/storage'
import { reach } from '../chats/reach.ts'
import type { CallContext, Handler } from '../handler.ts'
import { inputPeerId } from '../peers.ts'
import { requireReadDates } from '../privacy/ask.ts'
import { messageIn } from '../reactions/send.ts'

/** Larger chats do not tell who has read a message; as clients are told by `chat_read_mark_size_threshold`. */
const MAX_PARTICIPANTS = 100
/** And none tells it for longer; as clients are told by `chat_read_mark_expire_period`. */
const READ_MARK_SECONDS = 7 * 24 * 3600

interface Reader {
  readonly userId: UserId
  readonly upToSeq: number
  readonly date: number
}

/**
 * `messages.getMessageReadParticipants`: which members of a small group have read a message of the caller's, known by the dates of
 * their last reads. Those who keep such dates from the caller, or from whom it keeps its own, are left out.
 * @throws RpcError 400 PEER_ID_INVALID, CHAT_TOO_BIG, MSG_ID_INVALID, MSG_TOO_OLD
 */
export const getMessageReadParticipants: Handler<'messages.getMessageReadParticipants'> = async (
  call,
  context,
) => {
  const peerId = inputPeerId(call.peer, context)
  if (peerId > 0) throw new RpcError(400, 'PEER_ID_INVALID')
  const { facts } = await reach(context, chatIdOf(context.user, peerId))
  if (facts.kind === 'broadcast') throw new RpcError(400, 'PEER_ID_INVALID')
  if (facts.participants > MAX_PARTICIPANTS) throw new RpcError(400, 'CHAT_TOO_BIG')
  const entry = await messageIn(context, peerId, call.msgId).catch(() => undefined)
  if (entry === undefined || !entry.out) throw new RpcError(400, 'MSG_ID_INVALID')
  if (context.now - entry.date > READ_MARK_SECONDS) throw new RpcError(400, 'MSG_TOO_OLD')
  const readers = await readersOf(context, peerId, facts.members)
  return shown(
    context,
    readers.filter(({ userId, upToSeq }) => userId !== context.user && upToSeq >= entry.seq),
  )
}

async function readersOf(
  { services, user }: CallContext,
  peerId: PeerId,
  members: readonly UserId[],
): Promise<Reader[]> {
  const { tables } = services
  const chatId = chatIdOf(user, peerId)
  if (chatKindOf(chatId) === 'group') {
    const rows = await tables.range(chatReads, { chatId }, { limit: 2 * MAX_PARTICIPANTS })
    return rows
      .filter(({ userId }) => members.includes(userId as UserId))
      .map(({ userId, upToSeq, date }) => ({
        userId: userId as UserId,
        upToSeq: upToSeq ?? 0,
        date: date ?? 0,
      }))
  }
  // Those who have left count among the rows, and not among the participants.
  const people = await tables.range(chatMembers, { chatId }, { limit: 10 * MAX_PARTICIPANTS })
  const ids = people
    .filter(({ isIn, peerId: member }) => isIn === true && member! > 0)
    .map((row) => row.peerId as number as UserId)
  const states = (await tables.getMany(
    ids.map((userId) => ({ table: channelStates, key: { userId, chatId } })),
  )) as (RowOf<typeof channelStates> | undefined)[]
  return ids.map((userId, i) => ({ userId, upToSeq: states[i]?.readSeq ?? 0, date: states[i]?.date ?? 0 }))
}

async function shown(
  { services, user }: CallContext,
  readers: readonly Reader[],
): Promise<TlType<'ReadParticipantDate'>[]> {
  const told = await Promise.all(
    readers.map(({ userId }) =>
      requireReadDates(services, user, userId).then(
        () => true,
        () => false,
      ),
    ),
  )
  return readers
    .filter((_, i) => told[i])
    .sort((a, b) => b.date - a.date)
    .map(({ userId, date }) => ({ _: 'readParticipantDate', userId, date }))
}
