import { ADMIN_RIGHTS, CREATOR_RIGHTS, MAX_ADMINS, type UserId } from '@heliograph/schemas/avro'
import { chatInfos, chatMembers, chatRoles } from '@heliograph/storage'
import { describe, expect, it } from 'vitest'
import { messageDecider } from '../message/index.ts'
import { specification } from '../runtime/specification.ts'
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
  kick,
  Story,
  supergroup,
} from './samples.ts'

const spec = specification(messageDecider)
const { addAdmins, anonymous, banUsers, changeInfo, inviteUsers, manageRanks, other } = ADMIN_RIGHTS
const chat = [create('supergroup'), add(supergroup, alice, bob, carol)]
const bobLeads = [...chat, admin(supergroup, alice, bob, ALL_ADMIN)]
const at = (peerId: UserId) => ({ chatId: supergroup, peerId })
const rank = Buffer.from('rank')

describe('SetAdmin', () => {
  it('makes an administrator with rights and title, whom others see as one', () => {
    const { rows } = new Story().tell(...chat, admin(supergroup, alice, bob, changeInfo, { rank }))
    expect(rows.get(chatMembers, at(bob))).toMatchObject({
      status: 'admin',
      rights: changeInfo,
      rank,
      actorId: alice,
    })
    expect(rows.get(chatInfos, { chatId: supergroup })).toMatchObject({ adminIds: [alice, bob] })
    expect(rows.get(chatRoles, { chatId: supergroup, role: 'admin', peerId: bob })).toBeDefined()
  })

  it('unmakes one', () => {
    const { rows } = new Story().tell(...bobLeads, admin(supergroup, alice, bob, 0))
    expect(rows.get(chatMembers, at(bob))).toMatchObject({ status: 'member', rights: 0, rank: null })
    expect(rows.get(chatInfos, { chatId: supergroup })).toMatchObject({ adminIds: [alice] })
    expect(rows.get(chatRoles, { chatId: supergroup, role: 'admin', peerId: bob })).toBeUndefined()
  })

  it('needs the right to, and gives only rights that one has', () => {
    const given = spec.given(...after(...bobLeads))
    given.when(admin(supergroup, carol, dave, other)).rejected(400, 'CHAT_ADMIN_REQUIRED')
    given.when(admin(supergroup, bob, carol, changeInfo)).rejected(403, 'RIGHT_FORBIDDEN')
    given.when(admin(supergroup, dave, carol, other)).rejected(400, 'CHANNEL_PRIVATE')
    expect(after(...bobLeads, admin(supergroup, bob, carol, other)).at(-1)).toMatchObject({
      changes: [{ before: 'member', member: { status: 'admin', actorId: bob } }],
      answers: true,
    })
  })

  it('changes those only whom one has promoted, and never the creator', () => {
    const both = spec.given(...after(...bobLeads, admin(supergroup, alice, carol, other)))
    both.when(admin(supergroup, bob, carol, 0)).rejected(403, 'RIGHT_FORBIDDEN')
    both.when(admin(supergroup, bob, alice, other)).rejected(400, 'USER_CREATOR')
    const own = after(...bobLeads, admin(supergroup, bob, carol, other), admin(supergroup, bob, carol, 0))
    expect(own.at(-1)).toMatchObject({ changes: [{ before: 'admin', member: { status: 'member' } }] })
  })

  it('keeps who promoted when the creator changes the rights', () => {
    const changed = [admin(supergroup, bob, carol, other), admin(supergroup, alice, carol, banUsers)]
    const { rows } = new Story().tell(...bobLeads, ...changed)
    expect(rows.get(chatMembers, at(carol))).toMatchObject({ rights: banUsers, actorId: bob })
  })

  it('lets administrators drop rights of their own, and creators be anonymous', () => {
    const less = after(...bobLeads, admin(supergroup, bob, bob, other)).at(-1)
    expect(less).toMatchObject({ changes: [{ member: { rights: other } }] })
    spec
      .given(...after(...bobLeads))
      .when(admin(supergroup, bob, bob, ALL_ADMIN | changeInfo))
      .rejected(403, 'RIGHT_FORBIDDEN')
    const hidden = after(...chat, admin(supergroup, alice, alice, anonymous)).at(-1)
    expect(hidden).toMatchObject({
      changes: [{ member: { status: 'creator', rights: CREATOR_RIGHTS | anonymous } }],
    })
  })

  it('brings in who is not there, in a channel and with the right to', () => {
    const { rows } = new Story().tell(...chat, admin(supergroup, alice, dave, other))
    expect(rows.get(chatMembers, at(dave))).toMatchObject({ status: 'admin', isIn: true, inviterId: alice })
    const poor = [...chat, admin(supergroup, alice, bob, addAdmins | banUsers)]
    spec
      .given(...after(...poor))
      .when(admin(supergroup, bob, dave, banUsers))
      .rejected(403, 'CHAT_ADMIN_INVITE_REQUIRED')
    const weak = [
      ...chat,
      admin(supergroup, alice, bob, addAdmins | inviteUsers),
      kick(supergroup, alice, carol),
    ]
    spec
      .given(...after(...weak))
      .when(admin(supergroup, bob, carol, inviteUsers))
      .rejected(400, 'CHAT_ADMIN_REQUIRED')
  })

  it('has a limit', () => {
    const others = Array.from({ length: MAX_ADMINS - 1 }, (_, index) => (index + 1) as UserId)
    const many = [...chat, ...others.map((id) => admin(supergroup, alice, id, other))]
    spec
      .given(...after(...many))
      .when(admin(supergroup, alice, bob, other))
      .rejected(400, 'ADMINS_TOO_MUCH')
  })

  it('is for the creator alone in a basic group, and for members alone', () => {
    const basic = after(create('group', { memberIds: [bob, carol] }), admin(group, alice, bob, ALL_ADMIN))
    const given = spec.given(...basic)
    given.when(admin(group, bob, carol, other)).rejected(400, 'CHAT_ADMIN_REQUIRED')
    given.when(admin(group, alice, dave, other)).rejected(400, 'USER_NOT_PARTICIPANT')
  })

  it('sets the title of members: their own, or with the right to', () => {
    const own = after(...chat, admin(supergroup, bob, bob, 0, { rank })).at(-1)
    expect(own).toMatchObject({ changes: [{ before: 'member', member: { status: 'member', rank } }] })
    const given = spec.given(...after(...chat, admin(supergroup, alice, carol, manageRanks)))
    given.when(admin(supergroup, bob, alice, 0, { rank })).rejected(400, 'USER_CREATOR')
    given.when(admin(supergroup, carol, dave, 0, { rank })).rejected(400, 'USER_NOT_PARTICIPANT')
    spec
      .given(...after(...chat))
      .when(admin(supergroup, bob, carol, 0, { rank }))
      .rejected(400, 'CHAT_ADMIN_REQUIRED')
    spec
      .given(...after(...chat))
      .when(admin(supergroup, alice, bob, 0))
      .gives()
  })

  it('frees from restrictions whom it promotes', () => {
    const muted = [...chat, ban(supergroup, alice, bob, 2)]
    const { rows } = new Story().tell(...muted, admin(supergroup, alice, bob, other))
    expect(rows.get(chatMembers, at(bob))).toMatchObject({ status: 'admin', banned: 0 })
    expect(rows.get(chatInfos, { chatId: supergroup })).toMatchObject({ banned: 0 })
  })
})

describe('TransferChat', () => {
  const transfer = (byUserId: UserId, toUserId: UserId) =>
    ({ type: 'TransferChat', chatId: supergroup, byUserId, toUserId, log: null }) as const

  it('makes an administrator the creator, and the creator an administrator with every right', () => {
    const { rows } = new Story().tell(...bobLeads, transfer(alice, bob))
    expect(rows.get(chatMembers, at(bob))).toMatchObject({ status: 'creator', rights: CREATOR_RIGHTS })
    expect(rows.get(chatMembers, at(alice))).toMatchObject({ status: 'admin', actorId: bob })
    expect(rows.get(chatInfos, { chatId: supergroup })).toMatchObject({
      creatorId: bob,
      adminIds: [alice, bob],
    })
  })

  it('is for the creator, to an administrator', () => {
    const given = spec.given(...after(...bobLeads))
    given.when(transfer(bob, carol)).rejected(400, 'CHAT_ADMIN_REQUIRED')
    given.when(transfer(alice, carol)).rejected(400, 'USER_ID_INVALID')
    given.when(transfer(dave, carol)).rejected(400, 'CHANNEL_PRIVATE')
  })
})
