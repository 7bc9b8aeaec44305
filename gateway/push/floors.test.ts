import type { UserId } from '@heliograph/schemas/avro'
import { chatMembers, type Tables } from '@heliograph/storage'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addUsers, ChannelRig } from '../rpc/messages/channel-rig.ts'
import { ALICE, BOB, Rig } from '../rpc/messages/test-rig.ts'
import { Listener, settled } from './listener.fixture.ts'
import { Push } from './push.ts'

const CAROL = 1_000_000_003 as UserId

describe('what befalls messages that are hidden from a newcomer', () => {
  let rig: Rig
  let channel: ChannelRig
  let push: Push
  let bob: Listener
  let carol: Listener
  let memberLooks: number

  beforeEach(async () => {
    rig = await Rig.start()
    await addUsers(rig, { [ALICE]: 'Alice', [BOB]: 'Bob', [CAROL]: 'Carol' })
    channel = await new ChannelRig(rig, 77).create('supergroup', [ALICE, BOB])
    await channel.post(ALICE, 'of before')
    await channel.join(CAROL, 'member', channel.lastSeq)
    await channel.post(ALICE, 'since')
    memberLooks = 0
    const { tables } = rig.services
    const getMany: Tables['getMany'] = tables.getMany.bind(tables)
    tables.getMany = (refs) => {
      if (refs.some(({ table }) => (table as unknown) === chatMembers)) memberLooks++
      return getMany(refs)
    }
    push = new Push(rig.services, () => undefined)
    bob = new Listener(BOB, 1)
    carol = new Listener(CAROL, 2)
    for (const session of [bob, carol]) push.attached(session)
    await settled()
  })
  afterEach(() => {
    push.close()
    expect(rig.errors).toEqual([])
  })

  it('is an edit: the newcomer learns that something has moved, and not what', async () => {
    await channel.edit(1, 'secret')
    await settled()
    expect(bob.updates).toMatchObject([{ _: 'updateEditChannelMessage', message: { message: 'secret' } }])
    expect(carol.updates).toEqual([{ _: 'updateChannelTooLong', channelId: 77, pts: channel.pts }])
    expect(
      JSON.stringify(carol.heard, (_, value) => (typeof value === 'bigint' ? `${value}` : value)),
    ).not.toContain('secret')
    for (const text of ['for each', 'for all']) await channel.edit(2, text)
    await settled()
    expect(carol.updates.at(-1)).toMatchObject({ message: { message: 'for all' } })
    expect(carol.heard.at(-1)).toBe(bob.heard.at(-1))
  })

  it('is a reaction: the newcomer hears only of those to what it sees', async () => {
    channel.tell('reactions', { seqs: [1], senderId: ALICE })
    await settled()
    expect(bob.updates).toMatchObject([{ _: 'updateMessageReactions', msgId: 1 }])
    expect(carol.updates).toEqual([])
    channel.tell('reactions', { seqs: [2], senderId: ALICE })
    await settled()
    expect(carol.updates).toMatchObject([{ _: 'updateMessageReactions', msgId: 2 }])
  })

  it('is looked up together and once, and anew for who has come in again', async () => {
    await channel.edit(2, 'one')
    await settled()
    const looks = memberLooks
    await channel.edit(2, 'two')
    await settled()
    expect(memberLooks).toBe(looks)
    await channel.join(CAROL, 'member', channel.lastSeq)
    channel.tell('members', { userIds: [CAROL] })
    await channel.edit(2, 'three')
    await settled()
    expect(bob.updates.at(-1)).toMatchObject({ message: { message: 'three' } })
    expect(carol.updates.at(-1)).toMatchObject({ _: 'updateChannelTooLong' })
  })
})
