import {
  type ChatCommand,
  EmbeddedRegistry,
  type MailboxUpdate,
  type PeerId,
  privateChatId,
  RecordCodec,
  type Reply,
  type UserId,
} from '@heliograph/schemas/avro'
import { allTables, dialogs, gatewayChannel, MemoryBus, MemoryTables, userChannel } from '@heliograph/storage'
import { MemoryLog, partitionOf, type TopicName, topicDefinitions } from '@heliograph/topics'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { accountDecider, messageDecider, notificationFold } from './index.ts'
import { type Actors, startActors } from './runtime/node.ts'

const PARTITIONS = 4
const DATE = 1_700_000_000
const ends: (() => Promise<void>)[] = []

interface Node {
  /** Appends a command as a gateway does, and waits for its answer. */
  ask(topic: TopicName, key: string, record: { readonly type: string }): Promise<Reply>
  readonly tables: MemoryTables
  readonly updates: MailboxUpdate[]
  hear(userId: UserId): Promise<unknown>
}
let node: Node

beforeEach(async () => {
  const codec = await RecordCodec.create(new EmbeddedRegistry())
  const [log, tables, bus] = [new MemoryLog(), new MemoryTables(), new MemoryBus()]
  await log.createTopics(topicDefinitions(PARTITIONS))
  await tables.create(allTables)
  const waiting = new Map<number, (reply: Reply) => void>()
  const updates: MailboxUpdate[] = []
  await bus.subscribe(gatewayChannel('g1'), (payload) => {
    const reply = codec.decodeBare<Reply>(payload)
    waiting.get(reply.request)?.(reply)
  })
  const actors: Actors = await startActors({
    log,
    tables,
    bus,
    codec,
    now: () => DATE * 1000,
    owner: 'test',
    deciders: [accountDecider, messageDecider],
    folds: [notificationFold],
    onFatal: (error) => {
      throw error
    },
  })
  ends.push(() => actors.stop())
  const ask = (topic: TopicName, key: string, record: { readonly type: string }) => {
    const request = waiting.size + 1
    const reply = { gateway: 'g1', request, session: Buffer.alloc(16, 1) }
    const value = codec.encode({ cause: null, epoch: 0, reply }, record)
    const answer = new Promise<Reply>((resolve) => waiting.set(request, resolve))
    return log
      .append(topic, partitionOf(key, PARTITIONS), [{ key, value, timestampMs: DATE * 1000 }])
      .then(() => answer)
  }
  const hear = (userId: UserId) =>
    bus.subscribe(userChannel(userId), (payload) => {
      const record = codec.decodeBare<MailboxUpdate>(payload)
      if (record.type === 'MailboxUpdate') updates.push(record)
    })
  node = { ask, tables, updates, hear }
})
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

async function signUp(phoneHmac: string): Promise<UserId> {
  const { userId } = await node.ask('account.commands', `phone:${phoneHmac}`, {
    type: 'ReservePhone',
    phoneHmac,
  } as never)
  const create = { type: 'CreateUser', userId, phoneHmac, profile: Buffer.from('profile') }
  expect((await node.ask('account.commands', `user:${userId}`, create)).error).toBeNull()
  return userId as UserId
}
const inChat = (command: ChatCommand) => node.ask('chat.commands', command.chatId, command)

it('two people sign up and talk, through commands, events, mailboxes and answers', async () => {
  const [alice, bob] = [await signUp('a'), await signUp('b')]
  const chatId = privateChatId(alice, bob)
  await node.hear(bob)
  const send = (randomId: bigint): ChatCommand => ({
    type: 'SendMessage',
    chatId,
    senderId: alice,
    randomId,
    sealed: Buffer.from('hello'),
    replyToSeq: null,
    silent: false,
    extra: null,
    words: null,
  })
  const answers = await Promise.all([1n, 2n, 3n, 2n].map((randomId) => inChat(send(randomId))))
  const counted = answers.map(({ mailbox }) => [
    mailbox?.msgId,
    mailbox?.seq,
    mailbox?.pts,
    mailbox?.ptsCount,
  ])
  expect(counted.slice(0, 3)).toEqual([
    [1, 1, 2, 1],
    [2, 2, 3, 1],
    [3, 3, 4, 1],
  ])
  expect(counted[3]).toEqual([2, 2, 4, 0])

  const readBy = (readerId: UserId): ChatCommand => ({
    type: 'ReadHistory',
    chatId,
    readerId,
    upToSeq: 2 as never,
  })
  expect((await inChat(readBy(bob))).mailbox).toMatchObject({ pts: 5, ptsCount: 1 })
  expect((await inChat(readBy(alice))).mailbox).toBeNull()
  const remove: ChatCommand = {
    type: 'DeleteMessages',
    chatId,
    userId: alice,
    seqs: [3 as never],
    forAll: true,
  }
  expect((await inChat(remove)).mailbox).toMatchObject({ ptsCount: 1 })
  const edit: ChatCommand = {
    type: 'EditMessage',
    chatId,
    editorId: bob,
    seq: 1 as never,
    sealed: Buffer.alloc(1),
    extra: null,
    words: null,
  }
  expect((await inChat(edit)).error).toEqual({ code: 400, message: 'MESSAGE_AUTHOR_REQUIRED' })

  const block = { type: 'SetBlocked', userId: bob, peerId: alice as number as PeerId, blocked: true }
  await node.ask('account.commands', `user:${bob}`, block)
  expect((await inChat(send(4n))).error).toEqual({ code: 400, message: 'USER_IS_BLOCKED' })

  await ends.pop()?.()
  const dialog = await node.tables.get(dialogs, { userId: bob, peerId: alice })
  expect(dialog).toMatchObject({ topSeq: 3, unread: 0, readInSeq: 2, deletedUnread: [3] })
  const heard = node.updates.map(({ kind, pts }) => `${kind} ${pts}`)
  expect(heard).toEqual(['message 2', 'message 3', 'message 4', 'read-in 5', 'delete 6'])
})
