import {
  type BusRecord,
  chatIdOf,
  type MailboxUpdate,
  type PeerId,
  type UserId,
} from '@heliograph/schemas/avro'
import { encodeObject } from '@heliograph/schemas/tl'
import { AUTH_KEYS_CHANNEL, authorizations, presenceChannel, userChannel } from '@heliograph/storage'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lastActive } from '../rpc/account/activity.ts'
import { markUnconfirmed } from '../rpc/account/unconfirmed.ts'
import { sealBody, textContent } from '../rpc/messages/content.ts'
import { ALICE, BOB, NOW, Rig } from '../rpc/messages/test-rig.ts'
import { Listener } from './listener.fixture.ts'
import { Push } from './push.ts'

describe('Push', () => {
  let rig: Rig
  let push: Push
  let alice: Listener
  let phone: Listener
  let told: string[]
  const sessions = {
    keyChanged: (id: string) => void told.push(`changed ${id}`),
    dropKey: (id: string) => void told.push(`dropped ${id}`),
    tell: (id: string) => void told.push(`told ${id}`),
  }

  beforeEach(async () => {
    rig = await Rig.start()
    told = []
    await rig.write(ALICE, BOB, 'before')
    push = new Push(rig.services, () => sessions)
    alice = new Listener(ALICE, 1)
    phone = new Listener(ALICE, 2)
    push.attached(alice)
    push.attached(phone)
    await settled()
  })
  afterEach(() => {
    push.close()
    expect(rig.errors).toEqual([])
  })

  const settled = () => new Promise((resolve) => setImmediate(resolve))
  const publish = (channel: string, record: BusRecord) =>
    rig.services.bus.publish(channel, rig.services.codec.encodeBare(record))

  async function mailboxUpdate(
    text: string,
    pts: number,
    more: Partial<MailboxUpdate> = {},
  ): Promise<MailboxUpdate> {
    const peerId = BOB as number as PeerId
    const sealed = await sealBody(rig.services, chatIdOf(ALICE, peerId), textContent(text))
    return {
      type: 'MailboxUpdate',
      userId: ALICE,
      pts,
      ptsCount: 1,
      date: NOW,
      kind: 'message',
      peerId,
      msgId: pts as never,
      seq: pts as never,
      senderId: BOB,
      out: false,
      silent: false,
      messageDate: NOW,
      editDate: 0,
      replyToMsgId: 0 as never,
      msgIds: [],
      unread: 0,
      sealed,
      origin: Buffer.alloc(0),
      mentioned: false,
      expiresAt: 0,
      ...more,
    }
  }

  it('brings mailbox updates in the order of pts, the first of them still to be looked up', async () => {
    const updates = await Promise.all([2, 3, 4].map((pts) => mailboxUpdate(`m${pts}`, pts)))
    const read = await mailboxUpdate('', 5, { kind: 'read-in', unread: 3 })
    const gone = await mailboxUpdate('', 6, { kind: 'delete', msgIds: [2 as never] })
    for (const update of [...updates, read, gone]) publish(userChannel(ALICE), update)
    await expect.poll(() => alice.updates.length).toBe(5)
    expect(alice.updates).toMatchObject([
      { _: 'updateNewMessage', message: { message: 'm2' }, pts: 2 },
      { _: 'updateNewMessage', message: { message: 'm3' }, pts: 3 },
      { _: 'updateNewMessage', message: { message: 'm4' }, pts: 4 },
      { _: 'updateReadHistoryInbox', stillUnreadCount: 3, pts: 5 },
      { _: 'updateDeleteMessages', messages: [2], pts: 6 },
    ])
    expect(phone.updates).toEqual(alice.updates)
    expect(alice.heard[0]?.users.map(({ id }) => id).sort()).toEqual([ALICE, BOB])
  })

  it('does not tell the session that caused it', async () => {
    const origin = Buffer.from(alice.permanentKeyId + alice.sessionId, 'hex')
    publish(userChannel(ALICE), await mailboxUpdate('mine', 2, { origin, out: true, senderId: ALICE }))
    await expect.poll(() => phone.updates.length).toBe(1)
    expect(alice.updates).toEqual([])
  })

  it('tells who types, who is online and who changed a name', async () => {
    const action = Buffer.from(encodeObject({ _: 'sendMessageTypingAction' }))
    publish(userChannel(ALICE), { type: 'Typing', userId: ALICE, fromUserId: BOB, action })
    publish(presenceChannel(BOB), { type: 'Presence', userId: BOB, expires: NOW + 60, wasOnline: NOW })
    await expect.poll(() => alice.updates.length).toBe(2)
    expect(alice.updates).toMatchObject([
      { _: 'updateUserTyping', userId: BOB, action: { _: 'sendMessageTypingAction' } },
      { _: 'updateUserStatus', userId: BOB, status: { _: 'userStatusOnline', expires: NOW + 60 } },
    ])
  })

  it('tells the other sessions of a new log-in, and notes when a session was there', async () => {
    const authKeyId = '00000000000000ab'
    const row = { userId: ALICE, authKeyId, layer: 200, client: null, createdAt: NOW }
    await rig.apply([{ kind: 'upsert', table: authorizations, row }])
    await markUnconfirmed(rig.services.cache, authKeyId)
    const origin = Buffer.from(phone.permanentKeyId + phone.sessionId, 'hex')
    const about = { userId: ALICE, kind: 'authorization', peerId: 0 as PeerId, name: authKeyId }
    publish(userChannel(ALICE), { type: 'AccountUpdate', ...about, origin })
    await expect.poll(() => alice.updates.length).toBe(1)
    expect(alice.updates).toMatchObject([{ _: 'updateNewAuthorization', unconfirmed: true, date: NOW }])
    expect(phone.updates).toEqual([])
    expect(await lastActive(rig.services.cache, phone.permanentKeyId)).toBe(NOW)
  })

  it('has the device that shows a log-in token told that it was accepted', async () => {
    const about = { authKeyId: '00000000000000ab', userId: null }
    publish(AUTH_KEYS_CHANNEL, { type: 'AuthKeySignal', ...about, change: 'destroy' })
    publish(AUTH_KEYS_CHANNEL, { type: 'AuthKeySignal', ...about, change: 'login-token' })
    await expect.poll(() => told).toEqual(['told 00000000000000ab'])
  })

  it('follows new chats and leaves with the last session', async () => {
    const carol = 1_000_000_009 as UserId
    const presence: BusRecord = { type: 'Presence', userId: carol, expires: 0, wasOnline: NOW }
    publish(presenceChannel(carol), presence)
    expect(alice.updates).toEqual([])
    publish(
      userChannel(ALICE),
      await mailboxUpdate('', 2, { kind: 'delete', peerId: carol as number as PeerId }),
    )
    publish(
      userChannel(ALICE),
      await mailboxUpdate('hello', 3, { peerId: carol as number as PeerId, senderId: carol }),
    )
    await settled()
    publish(presenceChannel(carol), presence)
    await expect.poll(() => alice.updates.map(({ _ }) => _)).toContain('updateUserStatus')
    push.detached(alice)
    push.detached(phone)
    const before = alice.heard.length
    publish(presenceChannel(carol), presence)
    publish(userChannel(ALICE), await mailboxUpdate('late', 4))
    await settled()
    expect([alice.heard.length, phone.heard.length]).toEqual([before, before])
  })

  it('ends the sessions of a key that was destroyed or logged out', async () => {
    for (const change of ['log-out', 'destroy']) {
      publish(userChannel(ALICE), { type: 'AuthKeySignal', authKeyId: 'ab', change, userId: ALICE })
    }
    await expect.poll(() => told).toEqual(['changed ab', 'dropped ab'])
  })
})
