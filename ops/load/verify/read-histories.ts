import { decodeResult, encodeCall, type Result } from '@heliograph/schemas/tl'
import { LOAD_LAYER } from '../../bench/load/user.ts'
import { failureOf } from '../client/answer.ts'
import type { LoadClient } from '../client/client.ts'
import { messageOf } from '../client/read-updates.ts'
import type { Peer } from '../client/text.ts'
import { eachOf } from '../traffic/people.ts'
import type { Chat } from '../traffic/stage.ts'
import type { Findings } from './findings.ts'
import { checkHistories } from './history.ts'
import type { MailboxMessage } from './mailbox.ts'

const PAGE = 100
const RETRY_MS = 500
/** Failed requests in a row before a history counts as unreadable. */
const MAX_FAILURES = 40

/** Reads both histories of each chat that was written in and checks them; gives how many could not be read. */
export async function verifyHistories(chats: readonly Chat[], findings: Findings): Promise<number> {
  const used = chats.filter(({ streams }) => streams.some(({ ledger }) => ledger.count > 0))
  let unreadable = 0
  await eachOf(used.length, async (index) => {
    try {
      await verifyChat(used[index] as Chat, findings)
    } catch {
      unreadable++
    }
  })
  return unreadable
}

async function verifyChat({ streams }: Chat, findings: Findings): Promise<void> {
  const members = []
  for (const stream of streams) {
    const history = await readHistory(stream.sender, stream.peer)
    members.push({
      name: `user ${stream.sender.identity.userId}`,
      history,
      sideOf: (index: number) => (index === stream.index ? 'sender' : 'receiver') as 'sender' | 'receiver',
    })
  }
  const ledgers = new Map(streams.map((stream) => [stream.index, stream.ledger]))
  checkHistories({ name: `chat ${streams[0].ledger.name}`, streams: ledgers, members }, findings)
}

/** The whole history with a peer, oldest first. */
async function readHistory(client: LoadClient, peer: Peer): Promise<MailboxMessage[]> {
  const newestFirst: MailboxMessage[] = []
  for (let offsetId = 0; ; ) {
    const page = await readPage(client, peer, offsetId)
    if (page.length === 0) return newestFirst.reverse()
    for (const message of page) newestFirst.push(message)
    offsetId = page[page.length - 1]?.msgId ?? 0
  }
}

async function readPage(client: LoadClient, peer: Peer, offsetId: number): Promise<MailboxMessage[]> {
  const body = encodeCall(
    {
      _: 'messages.getHistory',
      peer: { _: 'inputPeerUser', ...peer },
      offsetId,
      offsetDate: 0,
      addOffset: 0,
      limit: PAGE,
      maxId: 0,
      minId: 0,
      hash: 0n,
    } as never,
    LOAD_LAYER,
  )
  for (let failures = 0; failures < MAX_FAILURES; failures++) {
    const result = await client.connection.request(body).catch(() => undefined)
    if (result !== undefined && failureOf(result) === undefined) {
      const page = decodeResult('messages.getHistory', result, LOAD_LAYER) as Result<'messages.getHistory'>
      return page._ === 'messages.messagesNotModified' ? [] : page.messages.map(messageOf)
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
  }
  throw new Error('the history could not be read')
}
