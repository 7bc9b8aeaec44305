import { ADMIN_RIGHTS, type AnswerRequests, type UserId } from '@heliograph/schemas/avro'
import { adminLog, chatMembers, inviteHashes, inviteUses, joinRequests } from '@heliograph/storage'
import { describe, expect, it } from 'vitest'
import { messageDecider } from '../message/index.ts'
import { calledHeader, someAt, specification } from '../runtime/specification.ts'
import {
  add,
  admin,
  after,
  alice,
  bob,
  carol,
  create,
  dave,
  group,
  join,
  kick,
  leave,
  link,
  putInvite,
  Story,
  supergroup,
} from './samples.ts'

const spec = specification(messageDecider)
const chat = [
  create('supergroup'),
  add(supergroup, alice, bob),
  putInvite(supergroup, link(alice, 'h', { requestNeeded: true })),
]
const asked = [...chat, join(supergroup, carol, 'h'), join(supergroup, dave, 'h')]

function answerTo(approved: boolean, ...userIds: UserId[]): AnswerRequests {
  const service = Buffer.from('let in')
  const what = { userIds, invites: ['h'], approved, service, serviceRandomId: 40n, log: Buffer.from('log') }
  return { type: 'AnswerRequests', chatId: supergroup, byUserId: alice, ...what }
}

describe('AnswerRequests', () => {
  it('lets those in who asked, with one message each, and answers the administrator once', () => {
    const { rows, events } = new Story().tell(...asked, answerTo(true, carol, dave))
    const mine = events.slice(-5)
    expect(mine.map(({ type }) => type)).toEqual([
      'InvitePut',
      'RequestsAnswered',
      'MembersChanged',
      'MessageSent',
      'MessageSent',
    ])
    expect(mine.slice(-2)).toMatchObject([
      { senderId: carol, seq: 3, pts: 4, randomId: 40n, answers: false },
      { senderId: dave, seq: 4, pts: 5, randomId: 41n, answers: false },
    ])
    const answers = mine.flatMap((event) => messageDecider.react(event, calledHeader, someAt))
    expect(answers.filter(({ kind }) => kind === 'answer')).toHaveLength(1)
    expect(rows.get(chatMembers, { chatId: supergroup, peerId: carol })).toMatchObject({
      isIn: true,
      invite: 'h',
      viaRequest: true,
    })
    expect(rows.get(inviteHashes, { hash: 'h', chatId: supergroup })).toMatchObject({
      usage: 2,
      requested: 0,
    })
    expect(rows.get(joinRequests, { chatId: supergroup, userId: carol })).toBeUndefined()
    expect(rows.get(inviteUses, { chatId: supergroup, hash: 'h', userId: carol })).toMatchObject({
      requested: false,
      approvedBy: alice,
    })
    const logged = rows.entries().filter(([id]) => id.startsWith(`${adminLog.name}(`))
    expect(logged.map(([, row]) => row)).toMatchObject([{ kind: 'invites', userId: alice }])
  })

  it('turns away, and forgets that they asked', () => {
    const { rows, events } = new Story().tell(...asked, answerTo(false, carol))
    expect(events.at(-1)).toMatchObject({ type: 'RequestsAnswered', approved: false, answers: true })
    expect(rows.get(inviteHashes, { hash: 'h', chatId: supergroup })).toMatchObject({
      usage: 0,
      requested: 1,
    })
    expect(rows.get(inviteUses, { chatId: supergroup, hash: 'h', userId: carol })).toBeUndefined()
    expect(rows.get(chatMembers, { chatId: supergroup, peerId: carol })).toBeUndefined()
  })

  it('tells all who return to a basic group where they had left off, in the message that reaches them first', () => {
    const { events } = new Story().tell(
      create('group'),
      add(group, alice, carol, dave),
      leave(group, carol),
      leave(group, dave),
      putInvite(group, link(alice, 'h', { requestNeeded: true })),
      join(group, carol, 'h'),
      join(group, dave, 'h'),
      { ...answerTo(true, carol, dave), chatId: group },
    )
    const welcomes = events.filter((event) => event.type === 'MessageSent').slice(-2)
    expect(welcomes.map(({ returned = [] }) => returned.map(({ userId }) => userId))).toEqual([
      [carol, dave],
      [],
    ])
  })

  it('is rejected for who has not asked, who is in already, and who may not invite', () => {
    const given = spec.given(...after(...asked))
    given.when(answerTo(true, 77 as UserId)).rejected(400, 'HIDE_REQUESTER_MISSING')
    given.when(answerTo(true, bob)).rejected(400, 'USER_ALREADY_PARTICIPANT')
    given.when({ ...answerTo(true, carol), byUserId: bob }).rejected(400, 'CHAT_ADMIN_REQUIRED')
  })

  it('lets in who was removed, and lifts that, by who may ban; is rejected without that right', () => {
    const mayInvite = admin(supergroup, alice, bob, ADMIN_RIGHTS.inviteUsers)
    const told = [...asked, mayInvite, kick(supergroup, alice, carol)]
    /** A ban turns away who waits; before it did, some were left waiting: as here. */
    const waiting = () => {
      const story = new Story().tell(...told)
      for (const event of story.events)
        if (event.type === 'JoinRequested') story.rows.apply(messageDecider.project(event))
      return story
    }
    const byBob = (approved: boolean, ...userIds: UserId[]) => ({
      ...answerTo(approved, ...userIds),
      byUserId: bob,
    })
    const refused = { rejected: { code: 400, message: 'CHAT_ADMIN_REQUIRED' } }
    expect(waiting().decide(byBob(true, carol, dave))).toEqual(refused)
    expect(waiting().decide(byBob(true, dave))).not.toHaveProperty('rejected')
    expect(waiting().decide(byBob(false, carol))).not.toHaveProperty('rejected')
    const { rows } = waiting().tell(answerTo(true, carol))
    const free = { status: 'member', isIn: true, banned: 0 }
    expect(rows.get(chatMembers, { chatId: supergroup, peerId: carol })).toMatchObject(free)
  })

  it('is done once somebody else has let the user in', () => {
    const { rows } = new Story().tell(...asked, add(supergroup, alice, carol))
    expect(rows.get(joinRequests, { chatId: supergroup, userId: carol })).toBeUndefined()
  })
})
