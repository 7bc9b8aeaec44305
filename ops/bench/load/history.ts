import type { Result } from '@heliograph/schemas/tl'
import type { Pair } from './pair.ts'
import { call } from './user.ts'

const PAGE = 100

/** How many messages the receivers' histories hold, read to the end; also checks that they are the ones sent, in order. */
export async function historyCount(pairs: readonly Pair[]): Promise<number> {
  let count = 0
  for (const pair of pairs) count += await historyOf(pair)
  return count
}

async function historyOf(pair: Pair): Promise<number> {
  const peer = { _: 'inputPeerUser', userId: pair.sender.id, accessHash: pair.receiverSeesSender }
  let offsetId = 0
  let expected = pair.sent - 1
  for (;;) {
    const page = (await call(pair.receiver.link, {
      _: 'messages.getHistory',
      peer,
      offsetId,
      offsetDate: 0,
      addOffset: 0,
      limit: PAGE,
      maxId: 0,
      minId: 0,
      hash: 0n,
    } as never)) as Result<'messages.getHistory'>
    if (page._ === 'messages.messagesNotModified' || page.messages.length === 0)
      return pair.sent - 1 - expected
    for (const message of page.messages) {
      if (message._ !== 'message') throw new Error(`unexpected ${message._} in a history`)
      const number = Number(/\d{8}/.exec(message.message)?.[0])
      if (number !== expected) throw new Error(`the history has message ${number} where ${expected} belongs`)
      expected--
      offsetId = message.id
    }
  }
}
