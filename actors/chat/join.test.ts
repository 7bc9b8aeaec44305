import type { JoinChat, UserId } from '@heliograph/schemas/avro'
import { ADMIN_RIGHTS } from '@heliograph/schemas/avro'
import {
  chatInvites,
  chatMembers,
  inviteHashes,
  inviteUses,
  joinRequests,
  permanentInvites,
} from '@heliograph/storage'
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
  edit,
  group,
  join,
  kick,
  link,
  putInvite,
  Story,
  supergroup,
} from './samples.ts'

const spec = specification(messageDecider)
const chat = [create('supergroup'), add(supergroup, alice, bob)]
const named = [...chat, edit(supergroup, alice, 'username', { username: 'heliograph' })]
const linked = (more = {}) => [...chat, putInvite(supergroup, link(alice, 'h', more))]
const byLink = (userId: UserId): JoinChat => join(supergroup, userId, 'h')

describe('JoinChat by a public name', () => {
  it('lets anybody in', () => {
    const events = after(...named, join(supergroup, carol))
    expect(events.slice(-2)).toMatchObject([
      { change: 'join', changes: [{ member: { status: 'member', inviterId: carol, invite: null } }] },
      { type: 'MessageSent', senderId: carol },
    ])
  })

  it('is rejected where there is none, and for who is in or removed', () => {
    spec
      .given(...after(...chat))
      .when(join(supergroup, carol))
      .rejected(400, 'CHANNEL_PRIVATE')
    spec
      .given(...after(create('group')))
      .when(join(group, carol))
      .rejected(400, 'CHAT_ID_INVALID')
    const given = spec.given(...after(...named, kick(supergroup, alice, carol)))
    given.when(join(supergroup, bob)).rejected(400, 'USER_ALREADY_PARTICIPANT')
    given.when(join(supergroup, carol)).rejected(400, 'CHANNEL_PRIVATE')
  })

  it('is a request where the chat wants that', () => {
    const asking = [...named, edit(supergroup, alice, 'flags', { setFlags: ['joinRequest'] })]
    const event = after(...asking, join(supergroup, carol)).at(-1)
    expect(event).toMatchObject({ type: 'JoinRequested', userId: carol, invite: '' })
    const error = { code: 400, message: 'INVITE_REQUEST_SENT' }
    expect(messageDecider.react(event!, calledHeader, someAt)).toMatchObject([
      { kind: 'answer', record: { error } },
      { kind: 'publication', record: { kind: 'requests', userIds: [carol] } },
    ])
    spec
      .given(...after(...asking, join(supergroup, carol)))
      .when(join(supergroup, carol))
      .rejected(400, 'INVITE_REQUEST_SENT')
  })
})

describe('JoinChat by a link', () => {
  it('counts who came by it, in every row of the link', () => {
    const { rows, events } = new Story().tell(...linked({ permanent: true }), byLink(carol))
    expect(events.slice(-3).map(({ type }) => type)).toEqual(['InvitePut', 'MembersChanged', 'MessageSent'])
    expect(rows.get(chatMembers, { chatId: supergroup, peerId: carol })).toMatchObject({
      invite: 'h',
      inviterId: alice,
    })
    expect(rows.get(chatInvites, { chatId: supergroup, adminId: alice, hash: 'h' })).toMatchObject({
      usage: 1,
    })
    expect(rows.get(inviteHashes, { hash: 'h', chatId: supergroup })).toMatchObject({ usage: 1 })
    expect(rows.get(permanentInvites, { chatId: supergroup, adminId: alice })).toMatchObject({ usage: 1 })
    expect(rows.get(inviteUses, { chatId: supergroup, hash: 'h', userId: carol })).toMatchObject({
      requested: false,
      approvedBy: 0,
    })
  })

  it('opens basic groups too', () => {
    const [, message] = after(
      create('group'),
      putInvite(group, link(alice, 'h')),
      join(group, bob, 'h'),
    ).slice(-2)
    expect(message).toMatchObject({ senderId: bob, members: [alice, bob] })
  })

  it('is rejected when the link leads elsewhere, or nowhere any more', () => {
    spec
      .given(...after(...linked()))
      .when(join(supergroup, carol, 'other'))
      .rejected(400, 'INVITE_HASH_INVALID')
    const late = { date: someAt.date + 100 }
    spec
      .given(...after(...linked({ expireDate: someAt.date + 100 })))
      .when(byLink(carol), late)
      .rejected(400, 'INVITE_HASH_EXPIRED')
    const once = [...linked({ usageLimit: 1 }), byLink(carol)]
    spec
      .given(...after(...once))
      .when(byLink(dave))
      .rejected(400, 'INVITE_HASH_EXPIRED')
    const revoked = [...linked(), putInvite(supergroup, link(alice, 'h', { revoked: true }))]
    spec
      .given(...after(...revoked))
      .when(byLink(carol))
      .rejected(400, 'INVITE_HASH_EXPIRED')
    spec.given().when(byLink(carol)).rejected(400, 'CHANNEL_PRIVATE')
  })

  it('is worth nothing once its owner is no administrator', () => {
    const { inviteUsers } = ADMIN_RIGHTS
    const bobs = [...chat, admin(supergroup, alice, bob, inviteUsers), putInvite(supergroup, link(bob, 'h'))]
    expect(after(...bobs, byLink(carol)).at(-1)).toMatchObject({ senderId: carol })
    spec
      .given(...after(...bobs, admin(supergroup, alice, bob, 0)))
      .when(byLink(carol))
      .rejected(400, 'INVITE_HASH_EXPIRED')
  })

  it('does not bring back who was removed', () => {
    spec
      .given(...after(...linked(), kick(supergroup, alice, bob)))
      .when(byLink(bob))
      .rejected(400, 'CHANNEL_PRIVATE')
    const basic = [
      create('group', { memberIds: [bob] }),
      putInvite(group, link(alice, 'h')),
      kick(group, alice, bob),
    ]
    spec
      .given(...after(...basic))
      .when(join(group, bob, 'h'))
      .rejected(400, 'INVITE_HASH_EXPIRED')
  })

  it('is a request where the link wants that, counted as one', () => {
    const { rows, events } = new Story().tell(...linked({ requestNeeded: true }), byLink(carol))
    expect(events.slice(-2).map(({ type }) => type)).toEqual(['InvitePut', 'JoinRequested'])
    expect(rows.get(inviteHashes, { hash: 'h', chatId: supergroup })).toMatchObject({
      usage: 0,
      requested: 1,
    })
    expect(rows.get(joinRequests, { chatId: supergroup, userId: carol })).toMatchObject({ invite: 'h' })
    expect(rows.get(inviteUses, { chatId: supergroup, hash: 'h', userId: carol })).toMatchObject({
      requested: true,
    })
    expect(rows.get(chatMembers, { chatId: supergroup, peerId: carol })).toBeUndefined()
  })
})
