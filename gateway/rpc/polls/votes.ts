import type { PeerId, UserId } from '@heliograph/schemas/avro'
import { RpcError, type TlType } from '@heliograph/schemas/tl'
import { pollVotesByDate, type RowOf } from '@heliograph/storage'
import type { Handler } from '../handler.ts'
import { renderNamed } from '../messages/answers.ts'
import { inputPeerId } from '../peers.ts'
import { pageByDate } from '../reactions/page-by-date.ts'
import { renderPeer } from '../render/peer.ts'
import { standing } from './state.ts'
import { pollIn } from './vote.ts'

type Vote = RowOf<typeof pollVotesByDate>

/**
 * `messages.getPollVotes`: who has voted in a poll that shows it, or for one of its options, newest first.
 * @throws RpcError 403 BROADCAST_FORBIDDEN (posts, and polls that show nobody), 403 POLL_VOTE_REQUIRED, 400 MSG_ID_INVALID
 */
export const getPollVotes: Handler<'messages.getPollVotes'> = async (call, context) => {
  const { services } = context
  const peerId = inputPeerId(call.peer, context)
  const { message, state, place: at } = await pollIn(context, peerId, call.id, 'MSG_ID_INVALID')
  if (message.isPost || state.poll.publicVoters !== true) throw new RpcError(403, 'BROADCAST_FORBIDDEN')
  if (!state.closed && (state.own ?? []).length === 0) throw new RpcError(403, 'POLL_VOTE_REQUIRED')
  const wanted = call.option && Buffer.from(call.option).toString('hex')
  const place = wanted === undefined ? undefined : (state.poll.options ?? []).indexOf(wanted)
  if (place === -1) throw new RpcError(400, 'OPTION_INVALID')
  const isFor = ({ options }: Vote) =>
    place === undefined ? standing(state.poll, options ?? []).length > 0 : options?.includes(place) === true
  const key = { chatId: at.chatId, seq: at.seq }
  const { rows, nextOffset } = await pageByDate(services.tables, pollVotesByDate, key, call, isFor)
  const options = (state.poll.options ?? []).map((option) => Buffer.from(option, 'hex'))
  const votes = rows.map((row) => (place === undefined ? voteOf(row, options) : voteFor(row)))
  const count = place === undefined ? state.voters : (state.counts[place] ?? 0)
  const voters = new Set(rows.map(({ userId }) => userId as number as PeerId))
  const list = { _: 'messages.votesList', count, votes, ...(await renderNamed(context, voters)) } as const
  return nextOffset === undefined ? list : { ...list, nextOffset }
}

function voteOf({ userId, options, date }: Vote, all: readonly Uint8Array[]): TlType<'MessagePeerVote'> {
  const peer = renderPeer(userId as UserId)
  const chosen = (options ?? []).flatMap((place) => (all[place]?.length ? [all[place]] : []))
  return chosen.length === 1
    ? { _: 'messagePeerVote', peer, option: chosen[0]!, date: date ?? 0 }
    : { _: 'messagePeerVoteMultiple', peer, options: chosen, date: date ?? 0 }
}

/** For the option that was asked for. */
const voteFor = ({ userId, date }: Vote): TlType<'MessagePeerVote'> => ({
  _: 'messagePeerVoteInputOption',
  peer: renderPeer(userId as UserId),
  date: date ?? 0,
})
