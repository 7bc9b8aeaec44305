import { BANNED_RIGHTS, MAX_GROUP_MEMBERS, type UserId } from '@heliograph/schemas/avro'
import { chatInfos, chatMembers, leftChats, userChats } from '@heliograph/storage'
import { describe, expect, it } from 'vitest'
import { messageDecider } from '../message/index.ts'
import { specification } from '../runtime/specification.ts'
import {
  add,
  after,
  alice,
  bob,
  broadcast,
  carol,
  create,
  dave,
  edit,
  group,
  kick,
  leave,
  Story,
  supergroup,
} from './samples.ts'

const spec = specification(messageDecider)
const inGroup = create('group', { memberIds: [bob] })
const inSupergroup = [create('supergroup'), add(supergroup, alice, bob)]

describe('who leaves a channel', () => {
  const key = { userId: bob, chatId: supergroup }

  it('is told so when it takes its data out, until it comes back', () => {
    const story = new Story().tell(...inSupergroup, leave(supergroup, bob))
    expect(story.rows.get(leftChats, key)).toMatchObject(key)
    story.tell(add(supergroup, alice, bob))
    expect(story.rows.get(leftChats, key)).toBeUndefined()
  })

  it('is not who was removed, nor who leaves a basic group', () => {
    expect(
      new Story().tell(...inSupergroup, kick(supergroup, alice, bob)).rows.get(leftChats, key),
    ).toBeUndefined()
    const away = new Story().tell(inGroup, leave(group, bob))
    expect(away.rows.get(leftChats, { userId: bob, chatId: group })).toBeUndefined()
  })
})

describe('AddMembers', () => {
  it('lets any member of a group bring others in, who get the message of it and what follows', () => {
    const { rows, events } = new Story().tell(inGroup, add(group, bob, carol))
    expect(events.at(-1)).toMatchObject({ senderId: bob, seq: 2, members: [alice, bob, carol] })
    expect(events.at(-1)).not.toHaveProperty('returned')
    expect(rows.get(chatMembers, { chatId: group, peerId: carol })).toMatchObject({
      status: 'member',
      isIn: true,
      inviterId: bob,
    })
    expect(rows.get(chatInfos, { chatId: group })).toMatchObject({ participants: 3, version: 2 })
    expect(rows.get(userChats, { userId: carol, chatId: group })).toBeDefined()
  })

  it('says which message those had last who come back', () => {
    const away = [inGroup, leave(group, bob)]
    expect(new Story().tell(...away).rows.get(chatMembers, { chatId: group, peerId: bob })).toMatchObject({
      status: 'left',
      minSeq: 2,
    })
    const [, message] = after(...away, add(group, alice, carol), add(group, alice, bob)).slice(-2)
    expect(message).toMatchObject({ seq: 4, returned: [{ userId: bob, previousSeq: 2 }] })
  })

  it('lets who left a group come back by itself, but not who was removed or never was there', () => {
    const [, message] = after(inGroup, leave(group, bob), add(group, bob, bob)).slice(-2)
    expect(message).toMatchObject({ senderId: bob, members: [alice, bob] })
    spec
      .given(...after(inGroup, kick(group, alice, bob)))
      .when(add(group, bob, bob))
      .rejected(403, 'CHAT_WRITE_FORBIDDEN')
    spec
      .given(...after(inGroup))
      .when(add(group, carol, carol))
      .rejected(400, 'CHAT_ID_INVALID')
  })

  it('rejects who is there already: in a group always, in a channel there is nothing to do', () => {
    spec
      .given(...after(inGroup))
      .when(add(group, alice, bob))
      .rejected(400, 'USER_ALREADY_PARTICIPANT')
    spec
      .given(...after(...inSupergroup))
      .when(add(supergroup, alice, bob))
      .gives()
    const events = after(...inSupergroup, add(supergroup, alice, bob, carol))
    expect(events.at(-2)).toMatchObject({ changes: [{ before: '', member: { peerId: carol } }] })
  })

  it('lets only those with the right to ban bring in whom somebody removed', () => {
    const removed = [...inSupergroup, add(supergroup, alice, carol), kick(supergroup, alice, carol)]
    spec
      .given(...after(...removed))
      .when(add(supergroup, bob, carol))
      .rejected(400, 'USER_KICKED')
    const { rows } = new Story().tell(...removed, add(supergroup, alice, carol))
    expect(rows.get(chatMembers, { chatId: supergroup, peerId: carol })).toMatchObject({
      status: 'member',
      banned: 0,
    })
    expect(rows.get(chatInfos, { chatId: supergroup })).toMatchObject({ kicked: 0, participants: 3 })
  })

  it('hides what was before from newcomers where the channel does', () => {
    const hide = edit(supergroup, alice, 'flags', { setFlags: ['hiddenHistory'] })
    const { rows } = new Story().tell(...inSupergroup, hide, add(supergroup, alice, carol))
    expect(rows.get(chatMembers, { chatId: supergroup, peerId: carol })).toMatchObject({ minSeq: 2 })
    expect(rows.get(chatMembers, { chatId: supergroup, peerId: bob })).toMatchObject({ minSeq: 0 })
  })

  it('needs the right to invite', () => {
    const { inviteUsers } = BANNED_RIGHTS
    const closed = edit(group, alice, 'default-banned', { defaultBanned: inviteUsers })
    spec
      .given(...after(inGroup, closed))
      .when(add(group, bob, carol))
      .rejected(400, 'CHAT_ADMIN_REQUIRED')
    expect(after(inGroup, closed, add(group, alice, carol))).toHaveLength(5)
    const subscribed = [create('broadcast'), add(broadcast, alice, bob)]
    spec
      .given(...after(...subscribed))
      .when(add(broadcast, bob, carol))
      .rejected(400, 'CHAT_ADMIN_REQUIRED')
    spec
      .given(...after(...subscribed))
      .when(add(broadcast, dave, carol))
      .rejected(400, 'CHANNEL_PRIVATE')
    spec
      .given()
      .when(add(broadcast, dave, carol))
      .rejected(400, 'CHANNEL_PRIVATE')
    spec
      .given()
      .when(add(group, dave, carol))
      .rejected(400, 'CHAT_ID_INVALID')
  })

  it('has no room for more than a basic group holds', () => {
    const memberIds = Array.from({ length: MAX_GROUP_MEMBERS - 1 }, (_, index) => (index + 1) as UserId)
    spec
      .given(...after(create('group', { memberIds })))
      .when(add(group, alice, bob))
      .rejected(400, 'USERS_TOO_MUCH')
  })
})

describe('LeaveChat', () => {
  it('takes the member out, who still gets the message of it', () => {
    const { rows, events } = new Story().tell(inGroup, leave(group, bob))
    expect(events.at(-1)).toMatchObject({ senderId: bob, members: [alice, bob] })
    expect(rows.get(chatInfos, { chatId: group })).toMatchObject({ members: [alice], participants: 1 })
    expect(rows.get(userChats, { userId: bob, chatId: group })).toBeUndefined()
    expect(rows.get(chatMembers, { chatId: group, peerId: bob })).toMatchObject({
      status: 'left',
      isIn: false,
    })
  })

  it('leaves the creator creator, who has no rights until it is back', () => {
    const away = [...inSupergroup, leave(supergroup, alice)]
    const { rows } = new Story().tell(...away)
    expect(rows.get(chatMembers, { chatId: supergroup, peerId: alice })).toMatchObject({
      status: 'creator',
      isIn: false,
    })
    spec
      .given(...after(...away))
      .when(kick(supergroup, alice, bob))
      .rejected(400, 'CHANNEL_PRIVATE')
    expect(
      after(...away, { ...leave(supergroup, alice), type: 'JoinChat', invite: null }).at(-2),
    ).toMatchObject({
      changes: [{ member: { status: 'creator', isIn: true } }],
    })
  })

  it('keeps what is forbidden to who leaves', () => {
    const { sendMessages } = BANNED_RIGHTS
    const muted = { ...kick(supergroup, alice, bob), banned: sendMessages }
    const { rows } = new Story().tell(...inSupergroup, muted, leave(supergroup, bob))
    const member = { status: 'restricted', isIn: false, banned: sendMessages }
    expect(rows.get(chatMembers, { chatId: supergroup, peerId: bob })).toMatchObject(member)
    const back = new Story().tell(...inSupergroup, muted, leave(supergroup, bob), add(supergroup, alice, bob))
    expect(back.rows.get(chatMembers, { chatId: supergroup, peerId: bob })).toMatchObject({
      ...member,
      isIn: true,
    })
  })

  it('takes leave of a deleted channel without a word', () => {
    const gone = [...inSupergroup, { type: 'DeleteChat', chatId: supergroup, byUserId: alice } as const]
    const { rows, events } = new Story().tell(...gone, leave(supergroup, bob))
    expect(events.at(-1)).toMatchObject({ type: 'MembersChanged', answers: true })
    expect(rows.get(userChats, { userId: bob, chatId: supergroup })).toBeUndefined()
    const end = { type: 'DeleteChat', chatId: group, byUserId: alice } as const
    spec
      .given(...after(inGroup, end))
      .when(leave(group, bob))
      .rejected(400, 'CHAT_ID_INVALID')
  })

  it('is rejected for who is not there', () => {
    spec
      .given(...after(inGroup))
      .when(leave(group, carol))
      .rejected(400, 'USER_NOT_PARTICIPANT')
    spec
      .given(...after(...inSupergroup, kick(supergroup, alice, bob)))
      .when(leave(supergroup, bob))
      .rejected(400, 'CHANNEL_PRIVATE')
  })
})
