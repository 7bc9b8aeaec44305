import { ADMIN_RIGHTS, type UserId } from '@heliograph/schemas/avro'
import { encodeObject } from '@heliograph/schemas/tl'
import { chatInfos, chatMembers, joinRequests } from '@heliograph/storage'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ChannelRig } from '../rpc/messages/channel-rig.ts'
import { ALICE, BOB, NOW, type Rig } from '../rpc/messages/test-rig.ts'
import { Listener, settled } from './listener.fixture.ts'
import type { Push } from './push.ts'
import { CAROL, DAVE, startSupergroup } from './supergroup.fixture.ts'

describe('Push, of requests to join', () => {
  let rig: Rig
  let channel: ChannelRig
  let push: Push
  let alice: Listener
  let bob: Listener
  let carol: Listener

  beforeEach(async () => {
    ;({ rig, channel, push } = await startSupergroup())
    alice = new Listener(ALICE, 1)
    bob = new Listener(BOB, 2)
    carol = new Listener(CAROL, 3)
    for (const session of [alice, bob, carol]) push.attached(session)
    await settled()
  })
  afterEach(() => {
    push.close()
    expect(rig.errors).toEqual([])
  })

  const asks = async (userId: UserId, date: number) => {
    const row = { chatId: channel.chatId, userId, date, invite: 'hash' }
    await rig.apply([{ kind: 'upsert', table: joinRequests, row }])
    channel.tell('requests', { senderId: userId, userIds: [userId] })
    await settled()
  }

  it('tells who made the chat how many wait, and who asked last', async () => {
    await asks(DAVE, NOW)
    expect(alice.updates).toMatchObject([
      {
        _: 'updatePendingJoinRequests',
        peer: { _: 'peerChannel', channelId: 77 },
        requestsPending: 1,
        recentRequesters: [DAVE],
      },
    ])
    expect(alice.heard[0]).toMatchObject({
      users: [{ id: DAVE, firstName: 'Dave' }],
      chats: [{ _: 'channel', id: 77, creator: true }],
    })
    expect(() => encodeObject(alice.heard[0]!, 198)).not.toThrow()
  })

  it('tells no member, nor an administrator who may not answer', async () => {
    await administrates(BOB, 0)
    await asks(DAVE, NOW)
    expect(alice.updates).toHaveLength(1)
    expect([...bob.updates, ...carol.updates]).toEqual([])
  })

  it('tells administrators who may invite', async () => {
    await administrates(BOB, ADMIN_RIGHTS.inviteUsers)
    await asks(DAVE, NOW)
    expect(bob.updates).toMatchObject([{ _: 'updatePendingJoinRequests', requestsPending: 1 }])
  })

  async function administrates(userId: UserId, rights: number): Promise<void> {
    const { tables } = rig.services
    const { chatId } = channel
    const info = await tables.get(chatInfos, { chatId })
    const member = await tables.get(chatMembers, { chatId, peerId: userId as never })
    await rig.apply([
      { kind: 'upsert', table: chatInfos, row: { ...info, adminIds: [ALICE, userId] } },
      { kind: 'upsert', table: chatMembers, row: { ...member, status: 'admin', rights } },
    ])
    rig.services.chats.changed(chatId)
  }
})
