import { deepStrictEqual, ok } from 'node:assert/strict'
import type { ChatCommand, Reply } from '@heliograph/schemas/avro'
import type { Chats } from '../audit/chats.ts'
import { PublicChatModel } from '../audit/public/model.ts'
import type { SimulatedGateway } from './gateway.ts'

const SCHEDULING: ReadonlySet<string> = new Set(['ScheduleMessage', 'EditScheduled'])
const MOVES: ReadonlySet<string> = new Set(['SendMessage', 'EditMessage', 'DeleteMessages', 'PinMessages'])

/** What a caller was told of a channel is what the channel counted: a change of it, or (for a repetition) one of before. */
export function auditChannelAnswer(
  command: ChatCommand,
  { channel, error }: Reply,
  chats: Chats,
  happened: boolean,
): void {
  const model = chats.get(command.chatId)
  ok(model instanceof PublicChatModel)
  if (error === null && happened && MOVES.has(command.type))
    ok(channel !== null, `${command.type} has no pts`)
  // What is scheduled has ids of its own, and moves nothing.
  if (channel === null || SCHEDULING.has(command.type)) return
  const { seq, pts, ptsCount, date } = channel
  const { moves, posts } = model.chat
  ok(pts <= model.chat.pts, 'a pts that the channel never had')
  if (seq > 0) ok(posts[seq - 1] !== undefined, 'a message that the channel never had')
  if (ptsCount === 0) return
  const move = moves.find((each) => each.pts === pts)
  deepStrictEqual([move?.ptsCount, move?.seq], [ptsCount, seq], `change answered to ${command.type}`)
  if (move?.kind === 'message') deepStrictEqual(posts[seq - 1]?.date, date, 'date answered')
}

/** Every publication of a channel is a change that lasted, and each process told of them in order, once. */
export function auditTold({ told }: SimulatedGateway, chats: Chats): void {
  const reached = new Map<string, number>()
  for (const { process, update } of told) {
    if (update.pts === 0) continue
    const stream = `${process} ${update.chatId}`
    ok(update.pts > (reached.get(stream) ?? 0), `${stream} went back to ${update.pts}`)
    reached.set(stream, update.pts)
    const model = chats.get(update.chatId)
    ok(model instanceof PublicChatModel)
    const { pts, ptsCount, kind, seq, seqs } = update
    const kept = model.chat.moves.find((move) => move.pts === pts)
    deepStrictEqual({ pts, ptsCount, kind, seq, seqs }, { ...kept }, `what was told of ${stream} ${pts}`)
  }
}
