import {
  type AddMembers,
  type ChatCommand,
  type ChatId,
  type ChatUpdate,
  type CreateChat,
  channelChatId,
  EmbeddedRegistry,
  groupChatId,
  type LeaveChat,
  type MailboxUpdate,
  NO_EXTRA,
  type PeerId,
  privateChatId,
  RecordCodec,
  type Reply,
  type UserId,
} from '@heliograph/schemas/avro'
import {
  allTables,
  channelUpdates,
  chatChannel,
  dialogs,
  gatewayChannel,
  MemoryBus,
  MemoryTables,
  messages,
  pinnedMessages,
  unreadMentions,
  userChannel,
} from '@heliograph/storage'
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
  readonly chatUpdates: ChatUpdate[]
  hear(userId: UserId): Promise<unknown>
  hearChat(chatId: ChatId): Promise<unknown>
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
  const chatUpdates: ChatUpdate[] = []
  const hearChat = (chatId: ChatId) =>
    bus.subscribe(chatChannel(chatId), (payload) => {
      const record = codec.decodeBare<ChatUpdate>(payload)
      if (record.type === 'ChatUpdate') chatUpdates.push(record)
    })
  node = { ask, tables, updates, chatUpdates, hear, hearChat }
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
  expect((await inChat(edit)).error).toEqual({ code: 403, message: 'MESSAGE_AUTHOR_REQUIRED' })

  const block = { type: 'SetBlocked', userId: bob, peerId: alice as number as PeerId, blocked: true }
  await node.ask('account.commands', `user:${bob}`, block)
  expect((await inChat(send(4n))).error).toEqual({ code: 400, message: 'USER_IS_BLOCKED' })

  await ends.pop()?.()
  const dialog = await node.tables.get(dialogs, { userId: bob, peerId: alice })
  expect(dialog).toMatchObject({ topSeq: 3, unread: 0, readInSeq: 2, deletedUnread: [3] })
  const heard = node.updates.map(({ kind, pts }) => `${kind} ${pts}`)
  expect(heard).toEqual(['message 2', 'message 3', 'message 4', 'read-in 5', 'delete 6'])
})

const service = { service: Buffer.from('service'), serviceRandomId: 5n, log: null }
const sendTo = (
  chatId: ChatId,
  senderId: UserId,
  randomId: bigint,
  mentions: UserId[] = [],
): ChatCommand => ({
  type: 'SendMessage',
  chatId,
  senderId,
  randomId,
  sealed: Buffer.from('hello'),
  replyToSeq: null,
  silent: false,
  extra: mentions.length === 0 ? null : { ...NO_EXTRA, mentions },
  words: null,
})
function create(
  chatId: ChatId,
  kind: CreateChat['kind'],
  creatorId: UserId,
  memberIds: UserId[],
): CreateChat {
  return {
    type: 'CreateChat',
    chatId,
    creatorId,
    kind,
    profile: Buffer.from('profile'),
    flags: [],
    ttlSeconds: 0,
    memberIds,
    migratedFrom: null,
    migratedMaxSeq: 0,
    ...service,
  } as CreateChat
}

it('three people meet in a group, one leaves and comes back, and every mailbox counts right', async () => {
  const [alice, bob, carol] = [await signUp('a'), await signUp('b'), await signUp('c')]
  const chatId = groupChatId(5_000_000_000)
  await node.hear(carol)
  const created = await inChat(create(chatId, 'group', alice, [bob, carol]))
  expect(created.mailbox).toMatchObject({ msgId: 1, seq: 1, pts: 2, ptsCount: 1 })
  expect((await inChat(sendTo(chatId, bob, 1n, [carol]))).mailbox).toMatchObject({ msgId: 2, seq: 2, pts: 3 })
  const leave: LeaveChat = { type: 'LeaveChat', chatId, userId: carol, ...service }
  expect((await inChat(leave)).mailbox).toMatchObject({ seq: 3, ptsCount: 1 })
  await inChat(sendTo(chatId, alice, 2n))
  expect((await inChat(sendTo(chatId, carol, 3n))).error?.message).toBe('CHAT_WRITE_FORBIDDEN')
  const back: AddMembers = {
    type: 'AddMembers',
    chatId,
    byUserId: alice,
    userIds: [carol],
    forwardLimit: 0,
    ...service,
  }
  expect((await inChat(back)).mailbox).toMatchObject({ seq: 5 })
  await inChat(sendTo(chatId, bob, 4n))
  const key = { userId: carol, chatId, seq: 2 }
  const seen: ChatCommand = { type: 'ReadMentions', chatId, userId: carol, seqs: [2 as never] }
  expect(await node.tables.get(unreadMentions, key)).toBeDefined()
  expect((await inChat(seen)).mailbox).toMatchObject({ ptsCount: 1 })
  expect(await node.tables.get(unreadMentions, key)).toBeUndefined()
  const read: ChatCommand = { type: 'ReadHistory', chatId, readerId: carol, upToSeq: 5 as never }
  expect((await inChat(read)).mailbox).toMatchObject({ ptsCount: 1 })
  await ends.pop()?.()
  const dialog = await node.tables.get(dialogs, { userId: carol, peerId: -5_000_000_000 })
  // Of six messages it missed the fourth and wrote the third; the last is unread.
  expect(dialog).toMatchObject({
    topSeq: 6,
    topMsgId: 5,
    messageCount: 5,
    incomingCount: 4,
    unread: 1,
    readInSeq: 5,
  })
  const of = { peerId: -5_000_000_000, userId: bob }
  expect(await node.tables.get(dialogs, of)).toMatchObject({ topSeq: 6, readOutSeq: 5 })
  expect(node.updates.map(({ kind, mentioned }) => (mentioned ? `${kind} to me` : kind))).toEqual([
    'message',
    'message to me',
    'message',
    'message',
    'message',
    'contents',
    'read-in',
  ])
})

it('a channel counts for itself, publishes once and answers with its pts', async () => {
  const [alice, bob] = [await signUp('a'), await signUp('b')]
  const chatId = channelChatId(6_000_000_000)
  await node.hearChat(chatId)
  await node.hear(bob)
  expect((await inChat(create(chatId, 'supergroup', alice, []))).channel).toMatchObject({ seq: 1, pts: 2 })
  const add: AddMembers = {
    type: 'AddMembers',
    chatId,
    byUserId: alice,
    userIds: [bob],
    forwardLimit: 0,
    ...service,
  }
  expect((await inChat(add)).channel).toMatchObject({ seq: 2, pts: 3 })
  const answers = await Promise.all([1n, 2n, 1n].map((randomId) => inChat(sendTo(chatId, bob, randomId))))
  expect(answers.map(({ channel }) => [channel?.seq, channel?.pts, channel?.ptsCount])).toEqual([
    [3, 4, 1],
    [4, 5, 1],
    [3, 5, 0],
  ])
  const edit = {
    type: 'EditMessage',
    chatId,
    editorId: bob,
    seq: 3 as never,
    sealed: Buffer.alloc(1),
  } as const
  expect((await inChat({ ...edit, extra: null, words: null })).channel).toMatchObject({ seq: 3, pts: 6 })
  const seqs = [3 as never]
  const pin = { type: 'PinMessages', chatId, userId: alice, seqs, pinned: true } as const
  expect((await inChat({ ...pin, oneSide: false, ...service })).channel).toMatchObject({ seq: 5, pts: 8 })
  expect(await node.tables.get(pinnedMessages, { chatId, seq: 3 })).toBeDefined()
  const remove = { type: 'DeleteMessages', chatId, userId: alice, forAll: true } as const
  const gone = await inChat({ ...remove, seqs: [3 as never, 4 as never] })
  expect(gone.channel).toMatchObject({ seq: 0, pts: 10, ptsCount: 2 })
  const read: ChatCommand = { type: 'ReadHistory', chatId, readerId: bob, upToSeq: 2 as never }
  expect((await inChat(read)).error?.message).toBe('CHANNEL_PRIVATE')
  await ends.pop()?.()
  expect(await node.tables.get(messages, { chatId, seq: 3 })).toBeUndefined()
  expect(await node.tables.get(pinnedMessages, { chatId, seq: 3 })).toBeUndefined()
  const kept = await node.tables.range(channelUpdates, { chatId }, { limit: 100 })
  const moves = (all: readonly { kind: unknown; pts: unknown }[]) =>
    all.map(({ kind, pts }) => `${kind} ${pts}`)
  const expected = [
    'message 2',
    'message 3',
    'message 4',
    'message 5',
    'edit 6',
    'pin 7',
    'message 8',
    'delete 10',
  ]
  expect(moves(kept)).toEqual(expected)
  expect(moves(node.chatUpdates.filter(({ pts }) => pts > 0))).toEqual(expected)
  expect(node.updates).toEqual([])
})
