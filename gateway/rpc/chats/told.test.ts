import { RpcError } from '@heliograph/schemas/tl'
import { chatMembers } from '@heliograph/storage'
import { beforeEach, describe, expect, it } from 'vitest'
import type { CallContext } from '../handler.ts'
import { addUsers, ChannelRig } from '../messages/channel-rig.ts'
import { ALICE, BOB, NOW, Rig } from '../messages/test-rig.ts'
import { joinChannel } from './join.ts'
import { reach } from './reach.ts'

describe('what the actor of a chat answers', () => {
  let rig: Rig
  let channel: ChannelRig
  beforeEach(async () => {
    rig = await Rig.start()
    await addUsers(rig, { [ALICE]: 'Alice', [BOB]: 'Bob' })
    channel = await new ChannelRig(rig, 77).create('broadcast', [ALICE], { username: 'news' })
  })

  /** A call of Bob's to an actor that does as it is told. */
  const contextWith = (ask: () => Promise<never>): CallContext => {
    const { services, ...context } = rig.context(BOB)
    return { ...context, services: { ...services, commands: { ask } } } as never
  }
  const comeInUnheard = async () => {
    const row = { chatId: channel.chatId, peerId: BOB, status: 'member', isIn: true, date: NOW }
    await rig.apply([
      { kind: 'upsert', table: chatMembers, row: { ...row, rights: 0, banned: 0, untilDate: 0, minSeq: 0 } },
    ])
  }

  it('is that the caller is in already: reads of this node know it, although the bus never told of it', async () => {
    const refusing = contextWith(async () => {
      await comeInUnheard()
      throw new RpcError(400, 'USER_ALREADY_PARTICIPANT')
    })
    expect(await reach(refusing, channel.chatId)).toMatchObject({ isIn: false })
    const { accessHash } = rig.services.chats.cachedView(BOB, channel.chatId)!
    const input = { _: 'inputChannel', channelId: 77, accessHash } as const
    const joining = joinChannel({ _: 'channels.joinChannel', channel: input }, refusing)
    await expect(joining).rejects.toThrow('USER_ALREADY_PARTICIPANT')
    expect(await reach(refusing, channel.chatId)).toMatchObject({ isIn: true })
  })
})
