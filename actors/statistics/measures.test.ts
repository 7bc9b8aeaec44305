import {
  BANNED_RIGHTS,
  type ChatEvent,
  type MessageExtra,
  type MessageSeq,
  type UserId,
} from '@heliograph/schemas/avro'
import { adminDeeds, chatMeasures, type Mutation, memberMoves, postForwards } from '@heliograph/storage'
import { describe, expect, it } from 'vitest'
import {
  add,
  after,
  alice,
  ban,
  bob,
  broadcast,
  carol,
  create,
  dave,
  edit,
  group,
  join,
  kick,
  leave,
  link,
  putInvite,
  supergroup,
} from '../chat/samples.ts'
import { someAt } from '../runtime/specification.ts'
import { projectStatistics } from './measures.ts'

const rowsIn = (table: Mutation['table'], events: readonly ChatEvent[]) =>
  events
    .flatMap((event) => projectStatistics(event))
    .flatMap((mutation) => (mutation.kind === 'upsert' && mutation.table === table ? [mutation.row] : []))
const day = Math.floor(someAt.date / 86_400)
const hour = Math.floor((someAt.date % 86_400) / 3600)

describe('who comes and goes', () => {
  const named = edit(supergroup, alice, 'username', { username: 'talk' })
  const events = after(
    create('supergroup'),
    named,
    putInvite(supergroup, link(alice, 'abc')),
    add(supergroup, alice, bob),
    join(supergroup, carol),
    join(supergroup, dave, 'abc'),
    leave(supergroup, carol),
  )

  it('leaves how many members there were at the end of the hour', () => {
    const totals = rowsIn(chatMeasures, events)
    expect(totals.at(-1)).toEqual({ chatId: supergroup, day, kind: 'members', seq: 0, hour, value: 3 })
  })

  it('leaves who came how and by whom, but not whom the chat began with', () => {
    const moves = rowsIn(memberMoves, events).map(({ move, userId, source, inviterId }) => [
      move,
      userId,
      source,
      inviterId,
    ])
    expect(moves).toEqual([
      ['in', bob, 'added', alice],
      ['in', carol, 'name', carol],
      ['in', dave, 'link', alice],
      ['out', carol, '', 0],
    ])
  })

  it('is not measured in basic groups', () => {
    const inGroup = after(create('group', { memberIds: [bob] }), add(group, alice, carol))
    expect(inGroup.flatMap((event) => projectStatistics(event))).toEqual([])
  })
})

describe('what administrators do', () => {
  it('is counted by deed', () => {
    const events = after(
      create('supergroup'),
      add(supergroup, alice, bob, carol),
      ban(supergroup, alice, bob, BANNED_RIGHTS.sendMessages),
      kick(supergroup, alice, carol),
      ban(supergroup, alice, bob, 0),
    )
    expect(rowsIn(adminDeeds, events).map(({ userId, deed, count }) => [userId, deed, count])).toEqual([
      [alice, 'banned', 1],
      [alice, 'kicked', 1],
    ])
  })

  it('includes messages of others that they delete, which are logged', () => {
    const event = {
      type: 'MessagesDeleted',
      chatId: supergroup,
      byUserId: alice,
      date: someAt.date,
      pts: 9,
      messages: [1, 2].map((seq) => ({ seq: seq as MessageSeq, lostBy: [], keptBy: [] })),
    } as const satisfies Partial<ChatEvent>
    expect(projectStatistics(event as unknown as ChatEvent)).toEqual([])
    const logged = { ...event, log: Buffer.from('log'), logId: 77 } as unknown as ChatEvent
    expect(rowsIn(adminDeeds, [logged])).toEqual([
      { chatId: supergroup, day, logId: 77, userId: alice, deed: 'deleted', count: 2 },
    ])
  })
})

describe('what others do to messages', () => {
  it('leaves totals of views and forwards', () => {
    const event: ChatEvent = {
      type: 'ViewsCounted',
      chatId: broadcast,
      date: someAt.date,
      posts: [{ seq: 4 as MessageSeq, views: 10, forwards: 2 }],
    }
    expect(rowsIn(chatMeasures, [event]).map(({ kind, seq, value }) => [kind, seq, value])).toEqual([
      ['views', 4, 10],
      ['forwards', 4, 2],
    ])
  })

  it('leaves totals of reactions, of those that are gone as well', () => {
    const event = {
      type: 'ReactionsChanged',
      chatId: broadcast,
      seq: 4,
      date: someAt.date,
      before: ['👎'],
      counts: [{ reaction: '👍', count: 3 }],
    } as unknown as ChatEvent
    expect(rowsIn(chatMeasures, [event]).map(({ kind, value }) => [kind, value])).toEqual([
      ['reaction:👍', 3],
      ['reaction:👎', 0],
    ])
    expect(projectStatistics({ ...event, chatId: 'p1_2' } as unknown as ChatEvent)).toEqual([])
  })

  it('leaves where a post was forwarded to; copies for comments are not forwards', () => {
    const copy = (sealedThere: boolean) =>
      ({
        type: 'MessageSent',
        chatId: supergroup,
        seq: 8,
        senderId: bob as UserId,
        date: someAt.date,
        extra: { copyOf: { chatId: broadcast, seq: 4, sealedThere } } as unknown as MessageExtra,
      }) as unknown as ChatEvent
    expect(rowsIn(postForwards, [copy(false)])).toEqual([
      { postChatId: broadcast, postSeq: 4, date: someAt.date, chatId: supergroup, seq: 8 },
    ])
    expect(projectStatistics(copy(true))).toEqual([])
  })
})
