import { groupChatId, type UserId } from '@heliograph/schemas/avro'
import { encodeObject } from '@heliograph/schemas/tl'
import { chatChannel, type Tables } from '@heliograph/storage'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addUsers, ChannelRig } from '../rpc/messages/channel-rig.ts'
import { ALICE, BOB, Rig } from '../rpc/messages/test-rig.ts'
import { Listener, settled } from './listener.fixture.ts'
import { Push } from './push.ts'
import { MAX_BELIEVED_MS } from './standing.ts'

const CAROL = 1003 as UserId

describe('who has been removed from a channel', () => {
  let rig: Rig
  let channel: ChannelRig
  let push: Push
  let bob: Listener
  let lateMs: number
  /** Lets what was looked up through. */
  let release: (() => void)[] | undefined

  beforeEach(async () => {
    rig = await Rig.start()
    lateMs = 0
    release = undefined
    await addUsers(rig, { [ALICE]: 'Alice', [BOB]: 'Bob' })
    channel = await new ChannelRig(rig, 77).create('supergroup', [ALICE, BOB])
    const { tables, nowMs } = rig.services
    const getMany: Tables['getMany'] = tables.getMany.bind(tables)
    tables.getMany = async (refs) => {
      if (release !== undefined) await new Promise<void>((resolve) => release?.push(resolve))
      return getMany(refs)
    }
    push = new Push({ ...rig.services, nowMs: () => nowMs() + lateMs }, () => undefined)
    bob = new Listener(BOB)
    push.attached(bob)
    await settled()
  })
  afterEach(() => {
    push.close()
    expect(rig.errors).toEqual([])
  })

  it('gets no post that comes right behind, however long it takes to look', async () => {
    await channel.post(ALICE, 'before')
    await settled()
    await channel.join(BOB, 'kicked')
    release = []
    channel.tell('members', { userIds: [BOB as UserId] })
    await channel.post(ALICE, 'behind')
    await settled()
    for (const go of release) go()
    release = undefined
    await settled()
    expect(bob.texts).toEqual(['before'])
  })

  it('gets none either when the news of it was lost', async () => {
    await channel.join(BOB, 'kicked')
    lateMs = MAX_BELIEVED_MS
    await channel.post(ALICE, 'later')
    await settled()
    expect(bob.texts).toEqual([])
  })

  it('while who is named and still in it misses nothing, and has them in order', async () => {
    release = []
    channel.tell('members', { userIds: [BOB as UserId] })
    await channel.post(ALICE, 'one')
    await channel.post(ALICE, 'two')
    await settled()
    expect(bob.texts).toEqual([])
    for (const go of release) go()
    release = undefined
    await settled()
    expect(bob.texts).toEqual(['one', 'two'])
  })
})

describe('who has been removed from a basic group', () => {
  const left: (() => void)[] = []
  afterEach(() => {
    for (const close of left.splice(0)) close()
  })

  /** Bob listens, and is removed after `lateMs` without news of it. */
  async function removedUnheard(lateMs: number) {
    const rig = await Rig.start()
    await addUsers(rig, { [ALICE]: 'Alice', [BOB]: 'Bob' })
    const group = await new ChannelRig(rig, 5, groupChatId).create('group', [ALICE, BOB])
    let late = 0
    const { nowMs } = rig.services
    const push = new Push({ ...rig.services, nowMs: () => nowMs() + late }, () => undefined)
    left.push(() => push.close())
    const [alice, bob] = [new Listener(ALICE), new Listener(BOB)]
    for (const each of [alice, bob]) push.attached(each)
    await settled()
    await group.join(BOB, 'kicked')
    late = lateMs
    return { rig, group, alice, bob }
  }

  it('hears nothing that is told of those who are in it, its own going included', async () => {
    const { group, alice, bob } = await removedUnheard(0)
    group.tell('members', { userIds: [BOB as UserId] })
    group.tell('info')
    await settled()
    expect(alice.kinds).toEqual(['updateChatParticipants', 'updateChat'])
    expect(bob.kinds).toEqual([])
  })

  it('hears nothing a while later either, when the news of it was lost', async () => {
    const { rig, group, alice, bob } = await removedUnheard(MAX_BELIEVED_MS)
    const typing = {
      type: 'ChatTyping',
      chatId: group.chatId,
      fromPeerId: CAROL as never,
      threadSeq: 0,
      action: Buffer.from(encodeObject({ _: 'sendMessageTypingAction' })),
    } as const
    rig.services.bus.publish(chatChannel(group.chatId), rig.services.codec.encodeBare(typing))
    group.tell('info')
    await settled()
    expect(alice.kinds).toEqual(['updateChatUserTyping', 'updateChat'])
    expect(bob.kinds).toEqual([])
  })
})
