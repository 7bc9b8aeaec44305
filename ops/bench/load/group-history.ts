import type { Result } from '@heliograph/schemas/tl'
import type { GroupPeer } from './group-chat.ts'
import { MARK } from './message-template.ts'
import { call, type LoadUser } from './user.ts'

const PAGE = 100

/** How many of the messages a member's history holds, read to the end; also checks that they stand there in order. */
export async function groupHistoryCount(reader: LoadUser, peer: GroupPeer, sent: number): Promise<number> {
  let offsetId = 0
  let expected = sent - 1
  for (;;) {
    const page = (await call(reader.link, {
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
    const messages = page._ === 'messages.messagesNotModified' ? [] : page.messages
    if (messages.length === 0) return sent - 1 - expected
    for (const message of messages) {
      offsetId = message.id
      if (message._ !== 'message') continue
      const number = Number(message.message.slice(MARK.length, MARK.length + 8))
      if (number !== expected) throw new Error(`the history has message ${number} where ${expected} belongs`)
      expected -= 1
    }
  }
}
