import {
  BANNED_RIGHTS,
  type ClearReactions,
  type ReactionsChanged,
  type SetReactions,
  type UserId,
} from '@heliograph/schemas/avro'
import {
  messageReactions,
  messageReactors,
  messageTags,
  reactedMessages,
  reactorsByDate,
  unreadReactions,
} from '@heliograph/storage'
import { describe, expect, it } from 'vitest'
import { messageDecider } from '../message/index.ts'
import {
  broadcast,
  carol,
  dave,
  founded,
  group,
  has,
  is,
  sentToChannel,
  sentToGroup,
  supergroup,
} from '../message/public.samples.ts'
import { alice, blocks, bob, bothExist, chat, remove, saved, sent, seq } from '../message/samples.ts'
import { caller, RowMap, someAt, specification } from '../runtime/specification.ts'

const spec = specification(messageDecider).with(
  ...bothExist,
  ...founded(group),
  ...founded(supergroup),
  ...founded(broadcast),
)

function say(chatId: SetReactions['chatId'], userId: UserId, ...reactions: string[]): SetReactions {
  return { type: 'SetReactions', chatId, userId, seq: seq(1), reactions, big: false }
}

/** What a first reaction of `userId` to a message of bob's in the private chat becomes. */
function said(userId: UserId, reactions: string[], more: Partial<ReactionsChanged> = {}): ReactionsChanged {
  return {
    type: 'ReactionsChanged',
    chatId: chat,
    seq: seq(1),
    userId,
    date: someAt.date,
    reactions,
    big: false,
    before: [],
    beforeDate: 0,
    counts: reactions.map((reaction) => ({ reaction, count: 1 })),
    recent: reactions.map((reaction) => ({ userId, reaction, date: someAt.date, big: false })),
    authorId: bob,
    unread: userId === bob ? 'keep' : 'set',
    told: [alice, bob],
    answers: true,
    ...more,
  }
}

describe('SetReactions', () => {
  it('tells both in a private chat, and answers', () => {
    const reactions = spec
      .given(sent(bob))
      .when(say(chat, alice, '👍'))
      .gives(said(alice, ['👍']))
    expect(reactions).toMatchObject([
      { kind: 'answer', to: caller },
      { kind: 'publication', channel: `user:${alice}`, record: { kind: 'reactions', seqs: [1] } },
      { kind: 'publication', channel: `user:${bob}`, record: { senderId: alice, userIds: [bob] } },
    ])
  })

  it('counts what all say together', () => {
    const first = said(alice, ['👍', '🔥'])
    spec
      .given(sent(bob), first)
      .when(say(chat, bob, '🔥'))
      .gives(
        said(bob, ['🔥'], {
          counts: [
            { reaction: '👍', count: 1 },
            { reaction: '🔥', count: 2 },
          ],
          recent: [{ userId: bob, reaction: '🔥', date: someAt.date, big: false }, ...first.recent],
        }),
      )
  })

  it('takes the place of what was said before', () => {
    const change = { before: ['👍'], beforeDate: someAt.date, date: someAt.date + 9 }
    spec
      .given(sent(bob), said(alice, ['👍']))
      .when(say(chat, alice, '❤'), { date: someAt.date + 9 })
      .gives(
        said(alice, ['❤'], {
          ...change,
          recent: [{ userId: alice, reaction: '❤', date: someAt.date + 9, big: false }],
        }),
      )
    spec
      .given(sent(bob), said(alice, ['👍']))
      .when(say(chat, alice), { date: someAt.date + 9 })
      .gives(said(alice, [], { ...change, counts: [], recent: [], unread: 'clear' }))
  })

  it('is refused where it changes nothing, or says too much', () => {
    spec
      .given(sent(bob), said(alice, ['👍']))
      .when(say(chat, alice, '👍', '👍'))
      .rejected(400, 'MESSAGE_NOT_MODIFIED')
    spec.given(sent(bob)).when(say(chat, alice)).rejected(400, 'MESSAGE_NOT_MODIFIED')
    spec
      .given(sent(bob))
      .when(say(chat, alice, 'a', 'b', 'c', 'd'))
      .rejected(400, 'REACTIONS_TOO_MANY')
  })

  it('keeps to the reactions of the chat, and to their number', () => {
    const limited = spec.with(is(group, { reactions: ['👍', '🔥'], reactionsLimit: 1 }))
    limited
      .given(sentToGroup(bob))
      .when(say(group, carol, '❤'))
      .rejected(400, 'REACTION_INVALID')
    const first = said(alice, ['👍'], { chatId: group, told: [] })
    limited
      .given(sentToGroup(bob), first)
      .when(say(group, carol, '🔥'))
      .rejected(400, 'REACTIONS_TOO_MANY')
    limited
      .given(sentToGroup(bob), first)
      .when(say(group, carol, '👍'))
      .gives(
        said(carol, ['👍'], {
          chatId: group,
          told: [],
          counts: [{ reaction: '👍', count: 2 }],
          recent: [{ ...first.recent[0]!, userId: carol }, ...first.recent],
        }),
      )
  })

  it('needs a message, and somebody who may', () => {
    spec
      .given()
      .when(say(chat, alice, '👍'))
      .rejected(400, 'MESSAGE_ID_INVALID')
    spec
      .given(sent(bob))
      .when(say(chat, carol, '👍'))
      .rejected(400, 'PEER_ID_INVALID')
    spec
      .with(...blocks(bob, alice))
      .given(sent(bob))
      .when(say(chat, alice, '👍'))
      .rejected(403, 'CHAT_WRITE_FORBIDDEN')
    spec
      .given(sentToGroup(bob))
      .when(say(group, dave, '👍'))
      .rejected(400, 'CHAT_ID_INVALID')
    const banned = has(supergroup, bob, { banned: BANNED_RIGHTS.sendReactions, status: 'restricted' })
    spec
      .with(banned)
      .given(sentToChannel(alice))
      .when(say(supergroup, bob, '👍'))
      .rejected(400, 'USER_BANNED_IN_CHANNEL')
    spec
      .with(has(supergroup, bob, { minSeq: 1 }))
      .given(sentToChannel(alice))
      .when(say(supergroup, bob, '👍'))
      .rejected(400, 'MESSAGE_ID_INVALID')
  })

  it('is published once in a channel, and shows nobody in a broadcast', () => {
    const post = sentToChannel(alice, { chatId: broadcast })
    const event = said(bob, ['👍'], {
      chatId: broadcast,
      told: [],
      recent: [],
      authorId: 0 as UserId,
      unread: 'keep',
    })
    const reactions = spec
      .given(post)
      .when(say(broadcast, bob, '👍'))
      .gives(event)
    expect(reactions).toMatchObject([
      { kind: 'answer' },
      { kind: 'publication', channel: `chat:${broadcast}`, record: { pts: 0, userIds: [] } },
    ])
  })

  it('goes with its message', () => {
    const rows = new RowMap()
    for (const event of [sent(bob), said(alice, ['👍'])]) rows.apply(messageDecider.project(event))
    expect(rows.get(unreadReactions, { userId: bob, kind: 'reactions', chatId: chat, seq: 1 })).toBeDefined()
    const command = remove(bob, [1], true)
    const decision = messageDecider.decide(rows, command, someAt)
    if ('rejected' in decision) throw new Error('rejected')
    for (const event of decision.events) rows.apply(messageDecider.project(event))
    expect(rows.get(messageReactions, { chatId: chat, seq: 1 })).toBeUndefined()
    expect(
      rows.get(unreadReactions, { userId: bob, kind: 'reactions', chatId: chat, seq: 1 }),
    ).toBeUndefined()
  })

  it('is a tag in Saved Messages', () => {
    const tagged = said(alice, ['❤'], { chatId: saved, authorId: alice, unread: 'keep', told: [alice] })
    spec
      .given(sent(alice, { chatId: saved, members: [alice] }))
      .when(say(saved, alice, '❤'))
      .gives(tagged)
    const rows = new RowMap().apply(messageDecider.project(tagged))
    expect(rows.get(messageTags, { chatId: saved, reaction: '❤', seq: 1 })).toBeDefined()
    rows.apply(messageDecider.project({ ...tagged, reactions: ['🔥'], before: ['❤'] }))
    expect(rows.get(messageTags, { chatId: saved, reaction: '❤', seq: 1 })).toBeUndefined()
    expect(rows.get(messageTags, { chatId: saved, reaction: '🔥', seq: 1 })).toBeDefined()
  })

  it('leaves no row behind when it is taken back', () => {
    const event = said(alice, ['👍'], { chatId: group })
    const rows = new RowMap().apply(messageDecider.project(event))
    const key = { chatId: group, seq: 1, userId: alice }
    expect(rows.get(messageReactors, key)).toMatchObject({ reactions: ['👍'] })
    expect(rows.get(reactorsByDate, { ...key, date: someAt.date })).toBeDefined()
    const back = { ...event, reactions: [], before: ['👍'], beforeDate: event.date, counts: [], recent: [] }
    rows.apply(messageDecider.project({ ...back, unread: 'clear' }))
    expect(rows.entries()).toEqual([])
    expect(rows.get(reactedMessages, key)).toBeUndefined()
  })
})

describe('ClearReactions', () => {
  const clear = (byUserId: UserId): ClearReactions => ({
    type: 'ClearReactions',
    chatId: supergroup,
    byUserId,
    userId: carol,
    seqs: [seq(1), seq(2)],
  })
  const first = said(carol, ['👍'], { chatId: supergroup, told: [] })

  it('takes away what a member has said', () => {
    const gone = { ...first, reactions: [], before: ['👍'], beforeDate: someAt.date, counts: [], recent: [] }
    spec
      .given(sentToChannel(bob), first)
      .when(clear(alice))
      .gives({ ...gone, unread: 'clear' })
    spec.given(sentToChannel(bob)).when(clear(alice)).gives()
  })

  it('takes the right to delete messages', () => {
    spec.given(sentToChannel(bob), first).when(clear(bob)).rejected(400, 'CHAT_ADMIN_REQUIRED')
  })
})

describe('ReadReactions', () => {
  const read = (...seqs: number[]) =>
    ({ type: 'ReadReactions', chatId: chat, userId: bob, kind: 'reactions', seqs: seqs.map(seq) }) as const

  it('forgets what was new', () => {
    const event = { ...read(1), type: 'ReactionsRead', date: someAt.date } as const
    const reactions = spec
      .given(sent(bob), said(alice, ['👍']))
      .when(read(1, 2))
      .gives({ ...event, seqs: [...event.seqs] })
    expect(reactions).toMatchObject([{ kind: 'answer' }, { channel: `user:${bob}`, record: { seqs: [1] } }])
    spec.given(sent(bob)).when(read(1)).gives()
  })
})
