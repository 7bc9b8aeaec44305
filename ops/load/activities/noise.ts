import { type AnyCall, decodeResult, encodeCall, type Result } from '@heliograph/schemas/tl'
import { LOAD_LAYER } from '../../bench/load/user.ts'
import type { Random } from '../pace/random.ts'
import type { Stream } from '../traffic/stream.ts'
import type { Prepare } from './activity.ts'

const anyOf = (streams: readonly Stream[], random: Random) =>
  streams[Math.floor(random() * streams.length)] as Stream

const requestTo = (stream: Stream, request: object): Buffer =>
  encodeCall({ ...request, peer: { _: 'inputPeerUser', ...stream.peer } } as unknown as AnyCall, LOAD_LAYER)

/** Someone types in a chat. */
export const typing: Prepare<'typing'> = ({ streams, random }) => {
  const request = { _: 'messages.setTyping', action: { _: 'sendMessageTypingAction' } }
  return {
    kind: 'weighted',
    occur() {
      const stream = anyOf(streams, random)
      stream.sender.fire(requestTo(stream, request))
    },
  }
}

/** Someone reads a chat to its end, which both sides are told. */
export const read: Prepare<'read'> = ({ streams, random }) => ({
  kind: 'weighted',
  occur() {
    const stream = anyOf(streams, random)
    const { sender } = stream
    sender.fire(requestTo(stream, { _: 'messages.readHistory', maxId: 0 }), (result) => {
      const affected = decodeResult(
        'messages.readHistory',
        result,
        LOAD_LAYER,
      ) as Result<'messages.readHistory'>
      if (affected.ptsCount > 0) sender.counted(affected.pts, affected.ptsCount, undefined)
    })
  },
})
