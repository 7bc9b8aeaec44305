import { ADMIN_RIGHTS, BANNED_RIGHTS, type UserId } from '@heliograph/schemas/avro'
import { chatInfos, chatMembers, chatRoles, inviteUses, joinRequests, userChats } from '@heliograph/storage'
import { describe, expect, it } from 'vitest'
import { messageDecider } from '../message/index.ts'
import { someAt, specification } from '../runtime/specification.ts'
import {
  ALL_ADMIN,
  add,
  admin,
  after,
  alice,
  ban,
  bob,
  carol,
  create,
  dave,
  group,
  join,
  kick,
  link,
  putInvite,
  Story,
  supergroup,
} from './samples.ts'

const spec = specification(messageDecider)
const { sendMessages, sendPhotos, viewMessages } = BANNED_RIGHTS
const chat = [create('supergroup'), add(supergroup, alice, bob, carol)]
const bobLeads = [...chat, admin(supergroup, alice, bob, ALL_ADMIN)]
const at = (peerId: number) => ({ chatId: supergroup, peerId })
const told = { service: Buffer.from('gone'), serviceRandomId: 9n }

describe('SetBanned', () => {
  it('removes a member, who may not come back', () => {
    const { rows } = new Story().tell(...chat, kick(supergroup, alice, bob))
    expect(rows.get(chatMembers, at(bob))).toMatchObject({
      status: 'kicked',
      isIn: false,
      banned: viewMessages,
      actorId: alice,
    })
    expect(rows.get(userChats, { userId: bob, chatId: supergroup })).toBeUndefined()
    expect(rows.get(chatRoles, { chatId: supergroup, role: 'kicked', peerId: bob })).toBeDefined()
    expect(rows.get(chatInfos, { chatId: supergroup })).toMatchObject({
      participants: 2,
      kicked: 1,
      banned: 0,
    })
    spec
      .given(...after(...chat, kick(supergroup, alice, bob)))
      .when(join(supergroup, bob))
      .rejected(400, 'CHANNEL_PRIVATE')
  })

  it('restricts one who stays, and lifts that', () => {
    const { rows } = new Story().tell(...chat, ban(supergroup, alice, bob, sendPhotos))
    expect(rows.get(chatMembers, at(bob))).toMatchObject({ status: 'restricted', isIn: true })
    expect(rows.get(chatRoles, { chatId: supergroup, role: 'banned', peerId: bob })).toBeDefined()
    const lifted = new Story().tell(
      ...chat,
      ban(supergroup, alice, bob, sendPhotos),
      ban(supergroup, alice, bob, 0),
    )
    expect(lifted.rows.get(chatMembers, at(bob))).toMatchObject({ status: 'member', banned: 0, actorId: 0 })
    expect(lifted.rows.get(chatRoles, { chatId: supergroup, role: 'banned', peerId: bob })).toBeUndefined()
    spec
      .given(...after(...chat))
      .when(ban(supergroup, alice, bob, 0))
      .gives()
  })

  it('reaches who is not there, and channels that post', () => {
    const other = -1_000_000_000_042
    const { rows } = new Story().tell(
      ...chat,
      kick(supergroup, alice, dave),
      ban(supergroup, alice, other, sendMessages),
    )
    expect(rows.get(chatMembers, at(dave))).toMatchObject({ status: 'kicked', isIn: false })
    expect(rows.get(chatMembers, at(other))).toMatchObject({ status: 'kicked', isIn: false })
    expect(rows.get(chatInfos, { chatId: supergroup })).toMatchObject({ participants: 3, kicked: 2 })
  })

  it('turns away who waits to be let in; one who is only restricted waits on', () => {
    const asked = [
      ...chat,
      putInvite(supergroup, link(alice, 'h', { requestNeeded: true })),
      join(supergroup, dave, 'h'),
    ]
    const { rows, events } = new Story().tell(...asked, kick(supergroup, alice, dave))
    expect(events.slice(-2)).toMatchObject([
      {
        type: 'RequestsAnswered',
        userIds: [dave],
        invites: ['h'],
        approved: false,
        answers: false,
        log: null,
      },
      { type: 'MembersChanged', answers: true },
    ])
    expect(rows.get(joinRequests, { chatId: supergroup, userId: dave })).toBeUndefined()
    expect(rows.get(inviteUses, { chatId: supergroup, hash: 'h', userId: dave })).toBeUndefined()
    const restricted = new Story().tell(...asked, ban(supergroup, alice, dave, sendPhotos))
    expect(restricted.rows.get(joinRequests, { chatId: supergroup, userId: dave })).toBeDefined()
  })

  it('ends when it says, unless that is too soon or too far', () => {
    const until = (seconds: number) =>
      after(...chat, ban(supergroup, alice, bob, viewMessages, { untilDate: someAt.date + seconds })).at(-1)
    expect(until(3600)).toMatchObject({ changes: [{ member: { untilDate: someAt.date + 3600 } }] })
    expect(until(10)).toMatchObject({ changes: [{ member: { untilDate: 0 } }] })
    expect(until(400 * 86_400)).toMatchObject({ changes: [{ member: { untilDate: 0 } }] })
    const hour = ban(supergroup, alice, bob, viewMessages, { untilDate: someAt.date + 3600 })
    const given = spec.given(...after(...chat, hour))
    given.when(add(supergroup, carol, bob)).rejected(400, 'USER_KICKED')
    const later = { date: someAt.date + 3601, offset: 9 }
    const [back, message] = new Story().tell(...chat, hour).decided(add(supergroup, carol, bob), later)
    given.when(add(supergroup, carol, bob), later).gives(back!, message!)
    expect(back).toMatchObject({ changes: [{ before: 'kicked', member: { status: 'member', isIn: true } }] })
  })

  it('needs the right to', () => {
    const given = spec.given(...after(...bobLeads))
    given.when(kick(supergroup, carol, bob)).rejected(400, 'CHAT_ADMIN_REQUIRED')
    given.when(kick(supergroup, dave, carol)).rejected(400, 'CHANNEL_PRIVATE')
    given.when(kick(supergroup, bob, bob)).rejected(400, 'PARTICIPANT_ID_INVALID')
  })

  it('cannot touch the creator, nor administrators whom another promoted', () => {
    const given = spec.given(...after(...bobLeads, admin(supergroup, alice, carol, ADMIN_RIGHTS.other)))
    given.when(kick(supergroup, bob, alice)).rejected(400, 'USER_ADMIN_INVALID')
    given.when(kick(supergroup, bob, carol)).rejected(400, 'USER_ADMIN_INVALID')
    const own = [...bobLeads, admin(supergroup, bob, carol, ADMIN_RIGHTS.other), kick(supergroup, bob, carol)]
    const { rows } = new Story().tell(...own)
    expect(rows.get(chatMembers, at(carol))).toMatchObject({ status: 'kicked', rights: 0 })
    expect(rows.get(chatInfos, { chatId: supergroup })).toMatchObject({ adminIds: [alice, bob] })
  })

  it('lets members of a basic group remove whom they brought in, who get the message of it', () => {
    const basic = [create('group', { memberIds: [bob] }), add(group, bob, carol)]
    const kicked = { ...kick(group, bob, carol), ...told }
    const events = after(...basic, kicked)
    expect(events.at(-1)).toMatchObject({ senderId: bob, seq: 3, members: [alice, bob, carol] })
    expect(events.at(-2)).toMatchObject({
      changes: [{ member: { minSeq: 3 } }],
      info: { members: [alice, bob] },
    })
    spec
      .given(...after(...basic))
      .when(kick(group, carol, bob))
      .rejected(400, 'CHAT_ADMIN_REQUIRED')
    spec
      .given(...after(...basic))
      .when(kick(group, alice, dave))
      .rejected(400, 'USER_NOT_PARTICIPANT')
    const channel = kick(group, alice, -1_000_000_000_042)
    spec
      .given(...after(...basic))
      .when(channel)
      .rejected(400, 'PARTICIPANT_ID_INVALID')
  })

  it('keeps the last message of who is banned from a group again while away', () => {
    const basic = create('group', { memberIds: [bob] })
    const twice = [basic, { ...kick(group, alice, bob), ...told }, ban(group, alice, bob, 0)]
    const { rows } = new Story().tell(...twice)
    expect(rows.get(chatMembers, { chatId: group, peerId: bob as UserId })).toMatchObject({
      status: 'left',
      minSeq: 2,
    })
  })
})
