import type { Result } from '@heliograph/schemas/tl'
import type { GroupPeer } from './group-chat.ts'
import { MARK, NUMBER_DIGITS } from './message-template.ts'
import type { Pair } from './pair.ts'
import { call, type LoadUser } from './user.ts'

const PAGE = 100

type Peer = GroupPeer | { readonly _: 'inputPeerUser'; readonly userId: number; readonly accessHash: bigint }

/** How many messages the receivers' histories hold, read to the end; also checks that they are the ones sent, in order. */
export async function historyCount(pairs: readonly Pair[]): Promise<number> {
  let count = 0
  for (const { sender, receiver, receiverSeesSender: accessHash, sent } of pairs) {
    const peer = { _: 'inputPeerUser', userId: sender.id, accessHash } as const
    count += await heldBy(receiver, peer, sent, (message) => {
      throw new Error(`unexpected ${message._} in a history`)
    })
  }
  return count
}

/** The same of a member's history of a group, in which others may say something too. */
export const groupHistoryCount = (reader: LoadUser, peer: GroupPeer, sent: number): Promise<number> =>
  heldBy(reader, peer, sent, () => {})

/** @param other is told of what is no message, such as that somebody came in */
async function heldBy(
  reader: LoadUser,
  peer: Peer,
  sent: number,
  other: (message: { readonly _: string }) => void,
): Promise<number> {
  let expected = sent - 1
  for await (const message of newestFirst(reader, peer)) {
    if (message._ !== 'message') {
      other(message)
      continue
    }
    const number = Number(message.message.slice(MARK.length, MARK.length + NUMBER_DIGITS))
    if (number !== expected) throw new Error(`the history has message ${number} where ${expected} belongs`)
    expected -= 1
  }
  return sent - 1 - expected
}

async function* newestFirst(reader: LoadUser, peer: Peer) {
  const all = { offsetDate: 0, addOffset: 0, limit: PAGE, maxId: 0, minId: 0, hash: 0n }
  for (let offsetId = 0; ; ) {
    const asked = { _: 'messages.getHistory', peer, offsetId, ...all } as never
    const page = (await call(reader.link, asked)) as Result<'messages.getHistory'>
    if (page._ === 'messages.messagesNotModified' || page.messages.length === 0) return
    yield* page.messages
    offsetId = page.messages.at(-1)!.id
  }
}
