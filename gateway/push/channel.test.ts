import { groupChatId, type UserId } from '@heliograph/schemas/avro'
import { encodeObject } from '@heliograph/schemas/tl'
import { chatChannel, userChannel } from '@heliograph/storage'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ChannelRig } from '../rpc/messages/channel-rig.ts'
import { ALICE, BOB, type Rig } from '../rpc/messages/test-rig.ts'
import { sessionOrigin } from '../rpc/origin.ts'
import { Listener, settled } from './listener.fixture.ts'
import type { Push } from './push.ts'
import { CAROL, DAVE, startSupergroup } from './supergroup.fixture.ts'

describe('Push, in a channel', () => {
  let rig: Rig
  let channel: ChannelRig
  let push: Push
  let alice: Listener
  let tablet: Listener
  let bob: Listener
  let carol: Listener
  let dave: Listener

  beforeEach(async () => {
    ;({ rig, channel, push } = await startSupergroup())
    alice = new Listener(ALICE, 1)
    tablet = new Listener(ALICE, 2)
    bob = new Listener(BOB, 3)
    carol = new Listener(CAROL, 4)
    dave = new Listener(DAVE, 5)
    for (const session of [alice, tablet, bob, carol, dave]) push.attached(session)
    await settled()
  })
  afterEach(() => {
    push.close()
    expect(rig.errors).toEqual([])
  })

  it('shows the channel in full to whoever has not been shown it, once, and again to sessions that come later', async () => {
    await channel.post(ALICE, 'first')
    await channel.post(ALICE, 'second')
    await settled()
    const accessHash = rig.services.chats.accessHash(BOB, channel.chatId)
    expect(bob.heard).toMatchObject([
      { chats: [{ _: 'channel', id: 77, accessHash }], users: [{ id: BOB, self: true }, { id: ALICE }] },
      { chats: [{ _: 'channel', id: 77, min: true }], users: [{ id: ALICE, min: true }] },
    ])
    expect(bob.heard[0]!.chats).not.toMatchObject([{ min: true }])
    push.attached(new Listener(BOB, 6))
    for (const text of ['third', 'fourth']) await channel.post(ALICE, text)
    await settled()
    const isMin = bob.heard.map(({ chats }) => (chats[0] as { min?: boolean }).min === true)
    expect(isMin).toEqual([false, true, false, true])
    expect(bob.texts).toEqual(['first', 'second', 'third', 'fourth'])
  })

  it('gives all members the very same value, and the sender its own', async () => {
    await channel.post(ALICE, 'that shows the channel')
    await settled()
    for (const session of [alice, tablet, bob, carol]) session.heard.length = 0
    await channel.post(ALICE, 'hello', { origin: sessionOrigin(alice.permanentKeyId, alice.sessionId) })
    await settled()
    expect(alice.heard).toEqual([])
    expect(dave.heard).toEqual([])
    expect(bob.heard[0]).toBe(carol.heard[0])
    expect(bob.heard).toHaveLength(1)
    expect(bob.heard[0]).toMatchObject({
      updates: [
        {
          _: 'updateNewChannelMessage',
          pts: 3,
          ptsCount: 1,
          message: { id: 2, message: 'hello', fromId: { userId: ALICE }, peerId: { channelId: 77 } },
        },
      ],
      users: [{ id: ALICE, min: true, firstName: 'Alice' }],
      chats: [{ _: 'channel', id: 77, min: true, megagroup: true }],
    })
    expect(() => encodeObject(bob.heard[0]!, 198)).not.toThrow()
    expect(tablet.updates).toMatchObject([{ message: { out: true } }])
    expect(tablet.heard[0]!.users).toMatchObject([{ id: ALICE, self: true }])
  })

  it('tells whom a message mentions that it does', async () => {
    await channel.post(ALICE, 'you there', { userIds: [CAROL] })
    await settled()
    expect(carol.updates).toMatchObject([{ message: { mentioned: true, mediaUnread: true } }])
    expect(bob.updates).not.toMatchObject([{ message: { mentioned: true } }])
  })

  it('tells of edits, deletions, pins and what others have read', async () => {
    await channel.post(ALICE, 'first')
    await channel.edit(1, 'changed')
    await channel.delete([1])
    channel.tell('read-out', { seq: 4, userIds: [CAROL] })
    channel.tell('contents', { seqs: [2], userIds: [BOB] })
    await settled()
    expect(bob.updates.slice(1)).toMatchObject([
      { _: 'updateEditChannelMessage', pts: 3, message: { message: 'changed' } },
      { _: 'updateDeleteChannelMessages', channelId: 77, messages: [1], pts: 4, ptsCount: 1 },
      { _: 'updateReadChannelOutbox', channelId: 77, maxId: 4 },
      { _: 'updateChannelReadMessagesContents', channelId: 77, messages: [2] },
    ])
    expect(carol.updates).toHaveLength(3)
  })

  it('listens for who comes, and no more for who has left', async () => {
    await channel.join(DAVE, 'member')
    await channel.join(BOB, 'left')
    for (const userId of [DAVE, BOB]) changed(userId)
    await settled()
    expect(dave.updates).toMatchObject([{ _: 'updateChannel', channelId: 77 }])
    expect(dave.heard[0]!.chats).toMatchObject([{ _: 'channel', id: 77 }])
    expect(bob.heard[0]!.chats).toMatchObject([{ id: 77, left: true }])
    await channel.post(ALICE, 'welcome')
    await settled()
    expect(dave.updates.at(-1)).toMatchObject({ message: { message: 'welcome' } })
    expect(bob.updates).toHaveLength(1)
  })

  it('says who types to all but the one', async () => {
    const typing = {
      type: 'ChatTyping',
      chatId: channel.chatId,
      fromPeerId: BOB as never,
      threadSeq: 0,
      action: Buffer.from(encodeObject({ _: 'sendMessageTypingAction' })),
    } as const
    rig.services.bus.publish(chatChannel(channel.chatId), rig.services.codec.encodeBare(typing))
    await settled()
    expect(bob.updates).toEqual([])
    expect(carol.updates).toMatchObject([
      { _: 'updateChannelUserTyping', channelId: 77, fromId: { userId: BOB } },
    ])
  })

  describe('and in a basic group', () => {
    let group: ChannelRig
    beforeEach(async () => {
      group = await new ChannelRig(rig, 5, groupChatId).create('group', [ALICE, BOB])
      for (const userId of [ALICE, BOB]) changed(userId, group)
      await settled()
      bob.heard.length = 0
    })

    it('tells who is in it now, with the group as each member sees it', async () => {
      group.tell('members', { userIds: [BOB] })
      await settled()
      expect(bob.updates).toMatchObject([
        {
          _: 'updateChatParticipants',
          participants: { chatId: 5, participants: [{ userId: ALICE }, { userId: BOB }] },
        },
      ])
      expect(bob.heard[0]!.chats).toMatchObject([{ _: 'chat', id: 5, title: 'The channel' }])
      expect(bob.heard[0]!.users.map(({ id }) => id)).toEqual([ALICE, BOB])
      expect(() => encodeObject(bob.heard[0]!, 198)).not.toThrow()
    })

    it('tells that something about it has changed', async () => {
      group.tell('info')
      await settled()
      expect(bob.updates).toMatchObject([{ _: 'updateChat', chatId: 5 }])
      expect(alice.heard.at(-1)!.chats).toMatchObject([{ id: 5, creator: true }])
    })
  })

  function changed(userId: UserId, chat = channel): void {
    const { bus, codec } = rig.services
    const update = { userId, kind: 'chat', peerId: chat.peerId, name: '', origin: Buffer.alloc(0) }
    bus.publish(userChannel(userId), codec.encodeBare({ type: 'AccountUpdate', ...update }))
  }
})
