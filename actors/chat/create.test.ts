import {
  type AdoptMembers,
  type ChatMember,
  CREATOR_RIGHTS,
  MAX_GROUP_MEMBERS,
  type MessageSent,
  type UserId,
} from '@heliograph/schemas/avro'
import { chatInfos, chatMembers, chatRoles, userChats } from '@heliograph/storage'
import { describe, expect, it } from 'vitest'
import { messageDecider } from '../message/index.ts'
import { caller, specification } from '../runtime/specification.ts'
import { alice, bob, broadcast, carol, create, group, quiet, Story, supergroup } from './samples.ts'

const spec = specification(messageDecider)

describe('CreateChat', () => {
  it('makes a basic group of the creator and the others, in that order, and tells it in a message to all', () => {
    const { rows, events } = new Story().tell(create('group', { memberIds: [bob, carol, bob, alice] }))
    const [made, message] = events
    expect(events.map(({ type }) => type)).toEqual(['MembersChanged', 'MessageSent'])
    expect(made).toMatchObject({ change: 'create', byUserId: alice, answers: false })
    expect(message).toMatchObject({ senderId: alice, seq: 1, members: [alice, bob, carol], pts: 0 })
    expect((message as MessageSent).extra).toMatchObject({ service: true, postAs: null })
    const info = { version: 1, members: [alice, bob, carol], adminIds: [alice], participants: 3 }
    expect(rows.get(chatInfos, { chatId: group })).toMatchObject(info)
    expect(rows.get(chatMembers, { chatId: group, peerId: alice })).toMatchObject({
      status: 'creator',
      rights: CREATOR_RIGHTS,
      inviterId: 0,
    })
    expect(rows.get(chatMembers, { chatId: group, peerId: bob })).toMatchObject({
      status: 'member',
      isIn: true,
      inviterId: alice,
    })
    expect(rows.get(userChats, { userId: carol, chatId: group })).toBeDefined()
    expect(rows.get(chatRoles, { chatId: group, role: 'admin', peerId: alice })).toBeDefined()
    expect(rows.get(chatRoles, { chatId: group, role: 'admin', peerId: bob })).toBeUndefined()
  })

  it('makes channels with a message under their own pts, in the name of a broadcast', () => {
    const [, inGroup] = new Story().tell(create('supergroup')).events
    expect(inGroup).toMatchObject({ chatId: supergroup, seq: 1, pts: 2, members: [] })
    const [, post] = new Story().tell(create('broadcast')).events
    expect(post).toMatchObject({ chatId: broadcast, extra: { postAs: -1_003_000_000_002 } })
  })

  it('tells each member in its own channel, and answers at once where no message does', () => {
    const command = { ...create('group', { memberIds: [bob] }), ...quiet }
    const events = new Story().tell(command).events
    const reactions = spec
      .given()
      .when(command, { offset: 0 })
      .gives(...events)
    expect(reactions.map(({ kind }) => kind)).toEqual(['answer', ...Array(3).fill('publication')])
    expect(reactions[0]).toMatchObject({ to: caller, record: { error: null } })
    // Whoever has to act on it learns of it even where this owner does not live to tell.
    expect(reactions.slice(1)).toMatchObject(Array(3).fill({ lasting: true }))
    expect(reactions[2]).toMatchObject({
      channel: `user:${bob}`,
      record: { kind: 'chat', peerId: -2_000_000_001 },
    })
    expect(reactions[3]).toMatchObject({ channel: `chat:${group}`, record: { kind: 'members', pts: 0 } })
  })

  it('is rejected under a number that is taken, and with more members than there is room for', () => {
    spec
      .given(...new Story().tell(create('group')).events)
      .when(create('group'))
      .rejected(400, 'CHAT_ID_TAKEN')
    const memberIds = Array.from({ length: MAX_GROUP_MEMBERS }, (_, index) => (index + 1) as UserId)
    spec.given().when(create('group', { memberIds })).rejected(400, 'USERS_TOO_MUCH')
  })
})

describe('AdoptMembers', () => {
  const member = (peerId: UserId): ChatMember => ({
    peerId: peerId as number as ChatMember['peerId'],
    status: 'member',
    isIn: true,
    rights: 0,
    banned: 0,
    untilDate: 0,
    rank: null,
    inviterId: alice,
    actorId: 0 as UserId,
    date: 1,
    invite: null,
    viaRequest: false,
    minSeq: 0,
  })
  const adopt = (...members: ChatMember[]): AdoptMembers => ({
    type: 'AdoptMembers',
    chatId: supergroup,
    members,
    defaultBanned: 2,
    reactions: [],
    reactionsLimit: 3,
    files: [],
  })

  it('brings in all members of the group at once, with its settings', () => {
    const migrated = create('supergroup', { migratedFrom: group, migratedMaxSeq: 9 })
    const { rows } = new Story().tell(migrated, adopt(member(bob), member(carol), member(alice)))
    expect(rows.get(chatInfos, { chatId: supergroup })).toMatchObject({
      participants: 3,
      defaultBanned: 2,
      migratedFrom: group,
      members: [],
    })
    expect(rows.get(chatMembers, { chatId: supergroup, peerId: alice })).toMatchObject({ status: 'creator' })
    expect(new Story().tell(migrated, adopt(member(bob)), adopt(member(bob))).events).toHaveLength(3)
  })

  it('is rejected by a supergroup that was no group', () => {
    spec
      .given(...new Story().tell(create('supergroup')).events)
      .when(adopt(member(bob)))
      .rejected(400, 'CHANNEL_INVALID')
  })
})
