import type { MigrateChat, UserId } from '@heliograph/schemas/avro'
import { chatInfos, chatMembers, userChats } from '@heliograph/storage'
import { describe, expect, it } from 'vitest'
import { messageDecider } from '../message/index.ts'
import type { Consequence } from '../runtime/decider.ts'
import { calledHeader, someAt, specification } from '../runtime/specification.ts'
import {
  ALL_ADMIN,
  add,
  admin,
  after,
  alice,
  bob,
  broadcast,
  carol,
  create,
  edit,
  group,
  Story,
  supergroup,
} from './samples.ts'

const spec = specification(messageDecider)
const basic = [create('group', { memberIds: [bob, carol] }), admin(group, alice, bob, ALL_ADMIN)]
const remove = (chatId = group, byUserId: UserId = alice) =>
  ({ type: 'DeleteChat', chatId, byUserId }) as const

describe('DeleteChat', () => {
  it('ends a group for everybody', () => {
    const { rows, events } = new Story().tell(...basic, remove())
    expect(rows.get(chatInfos, { chatId: group })).toMatchObject({ flags: ['deactivated'] })
    for (const userId of [alice, bob, carol]) {
      expect(rows.get(userChats, { userId, chatId: group })).toBeUndefined()
    }
    const reactions = messageDecider.react(events.at(-1)!, calledHeader, someAt)
    expect(reactions.map(({ kind }) => kind)).toEqual(['answer', ...Array(4).fill('publication')])
    spec
      .given(...events)
      .when(add(group, alice, 77 as UserId))
      .rejected(400, 'CHAT_ID_INVALID')
  })

  it('ends a channel without a look at its members, and gives up its name', () => {
    const posts = [create('broadcast'), edit(broadcast, alice, 'username', { username: 'news' })]
    const { rows, events } = new Story().tell(...posts, remove(broadcast))
    expect(events.at(-1)).toMatchObject({ formerUsername: 'news', info: { username: null } })
    // Its own row, and its place among public chats.
    expect(messageDecider.project(events.at(-1)!)).toHaveLength(2)
    expect(rows.get(chatInfos, { chatId: broadcast })).toMatchObject({ flags: ['deactivated'] })
    spec
      .given(...events)
      .when(remove(broadcast))
      .rejected(400, 'CHANNEL_PRIVATE')
  })

  it('is for the creator, while the channel is small', () => {
    spec
      .given(...after(...basic))
      .when(remove(group, bob))
      .rejected(400, 'CHAT_ADMIN_REQUIRED')
    spec
      .given(...after(...basic))
      .when(remove(group, 77 as UserId))
      .rejected(400, 'CHAT_ID_INVALID')
    const many = Array.from({ length: 6 }, (_, round) => {
      const userIds = Array.from({ length: 200 }, (_, index) => (1 + round * 200 + index) as UserId)
      return add(broadcast, alice, ...userIds)
    })
    spec
      .given(...after(create('broadcast'), ...many))
      .when(remove(broadcast))
      .rejected(400, 'CHANNEL_TOO_LARGE')
  })
})

describe('MigrateChat', () => {
  const migrate = (byUserId: UserId = alice): MigrateChat => ({
    type: 'MigrateChat',
    chatId: group,
    byUserId,
    toChatId: supergroup,
    profile: Buffer.from('there'),
    toService: Buffer.from('from a group'),
    service: Buffer.from('to a supergroup'),
    serviceRandomId: 8n,
  })
  const closed = edit(group, alice, 'default-banned', { defaultBanned: 256 })

  it('ends the group with a message to all', () => {
    const { rows, events } = new Story().tell(...basic, migrate())
    expect(events.at(-1)).toMatchObject({ type: 'MessageSent', seq: 2, members: [alice, bob, carol] })
    expect(rows.get(chatInfos, { chatId: group })).toMatchObject({
      migratedTo: supergroup,
      flags: ['deactivated'],
    })
    expect(rows.get(userChats, { userId: bob, chatId: group })).toBeUndefined()
  })

  it('makes the supergroup with the same members, administrators and settings', () => {
    const event = after(...basic, closed, migrate()).at(-2)
    const orders = messageDecider
      .react(event!, calledHeader, someAt)
      .filter((reaction): reaction is Consequence => reaction.kind === 'record')
    expect(orders).toMatchObject([
      { topic: 'chat.commands', key: supergroup, reply: null, record: { type: 'CreateChat' } },
      { topic: 'chat.commands', key: supergroup, reply: null, record: { type: 'AdoptMembers' } },
    ])
    const { rows, events } = new Story().tell(...orders.map(({ record }) => record as never))
    expect(rows.get(chatInfos, { chatId: supergroup })).toMatchObject({
      kind: 'supergroup',
      creatorId: alice,
      migratedFrom: group,
      migratedMaxSeq: 2,
      participants: 3,
      adminIds: [alice, bob],
      defaultBanned: 256,
    })
    expect(events[1]).toMatchObject({ type: 'MessageSent', senderId: alice, seq: 1 })
    expect(rows.get(chatMembers, { chatId: supergroup, peerId: bob })).toMatchObject({ status: 'admin' })
    expect(rows.get(chatMembers, { chatId: supergroup, peerId: carol })).toMatchObject({ status: 'member' })
    expect(rows.get(userChats, { userId: carol, chatId: supergroup })).toBeDefined()
  })

  it('is for the creator of a basic group, once', () => {
    spec
      .given(...after(...basic))
      .when(migrate(bob))
      .rejected(400, 'CHAT_ADMIN_REQUIRED')
    spec
      .given(...after(...basic, migrate()))
      .when(migrate())
      .rejected(400, 'CHAT_ID_INVALID')
    spec
      .given(...after(create('supergroup')))
      .when({ ...migrate(), chatId: supergroup })
      .rejected(400, 'CHANNEL_PRIVATE')
  })
})
