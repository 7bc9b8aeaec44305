import type { UserId } from '@heliograph/schemas/avro'
import { encodeObject } from '@heliograph/schemas/tl'
import { beforeEach, describe, expect, it } from 'vitest'
import { accessHash } from '../access-hash.ts'
import { addUsers, ChannelRig } from '../messages/channel-rig.ts'
import { ALICE, BOB, NOW, Rig } from '../messages/test-rig.ts'
import { getChannelDifference, MAX_CHANNEL_BEHIND, MAX_CHANNEL_SLICE } from './channel-difference.ts'
import { getDifference } from './difference.ts'

const EVERYTHING = { _: 'channelMessagesFilterEmpty' } as const

describe('updates.getChannelDifference', () => {
  let rig: Rig
  let channel: ChannelRig
  beforeEach(async () => {
    rig = await Rig.start()
    await addUsers(rig, { [ALICE]: 'Alice', [BOB]: 'Bob' })
    channel = await new ChannelRig(rig, 77).create('supergroup', [ALICE, BOB])
  })

  const since = (pts: number, more: object = {}, user: UserId = BOB) => {
    const hash = accessHash(rig.services.keyring, user, 'channel', 77)
    const input = { _: 'inputChannel', channelId: 77, accessHash: hash }
    const call = {
      _: 'updates.getChannelDifference',
      channel: input,
      filter: EVERYTHING,
      pts,
      limit: 100,
      ...more,
    }
    return Promise.resolve(getChannelDifference(call as never, rig.context(user)))
  }

  it('gives new messages as they are now, and the rest as updates without pts', async () => {
    await channel.post(ALICE, 'one')
    await channel.post(ALICE, 'two')
    await channel.post(BOB, 'three')
    await channel.edit(2, 'two, edited')
    await channel.delete([1])
    const difference = await since(1)
    expect(difference).toMatchObject({
      _: 'updates.channelDifference',
      final: true,
      pts: 6,
      newMessages: [
        { id: 2, message: 'two, edited', fromId: { userId: ALICE } },
        { id: 3, message: 'three', out: true },
      ],
      otherUpdates: [
        { _: 'updateEditChannelMessage', message: { id: 2 }, pts: 0, ptsCount: 0 },
        { _: 'updateDeleteChannelMessages', channelId: 77, messages: [1], pts: 0, ptsCount: 0 },
      ],
      chats: [{ _: 'channel', id: 77, accessHash: accessHash(rig.services.keyring, BOB, 'channel', 77) }],
    })
    expect(() => encodeObject(difference, 198)).not.toThrow()
  })

  it('is empty for who is up to date', async () => {
    await channel.post(ALICE, 'one')
    expect(await since(2)).toMatchObject({ _: 'updates.channelDifferenceEmpty', final: true, pts: 2 })
  })

  it('comes in slices', async () => {
    for (let i = 0; i < 5; i++) await channel.post(ALICE, `${i}`)
    const first = await since(1, { limit: 3 })
    expect(first).toMatchObject({ pts: 4, newMessages: [{ id: 1 }, { id: 2 }, { id: 3 }] })
    expect(first).not.toHaveProperty('final')
    // Who has to ask on is told of no time to wait.
    expect(first).not.toHaveProperty('timeout')
    expect(await since(4, { limit: 3 })).toMatchObject({
      pts: 6,
      final: true,
      timeout: 30,
      newMessages: [{ id: 4 }, { id: 5 }],
    })
    expect(MAX_CHANNEL_SLICE).toBeLessThan(MAX_CHANNEL_BEHIND)
  })

  it('keeps to the ranges that are asked for', async () => {
    for (let i = 0; i < 4; i++) await channel.post(ALICE, `${i}`)
    await channel.delete([1, 3])
    const filter = { _: 'channelMessagesFilter', ranges: [{ _: 'messageRange', minId: 2, maxId: 3 }] }
    expect(await since(1, { filter })).toMatchObject({
      newMessages: [{ id: 2 }],
      otherUpdates: [{ messages: [3] }],
    })
    const invalid = { ...filter, ranges: [{ _: 'messageRange', minId: 3, maxId: 2 }] }
    await expect(since(1, { filter: invalid })).rejects.toThrow('RANGES_INVALID')
  })

  it('gives who is too far behind the dialog and the last messages', async () => {
    channel.lastSeq = 10_000
    channel.pts = MAX_CHANNEL_BEHIND + 10
    await channel.post(ALICE, 'the last')
    expect(await since(2)).toMatchObject({
      _: 'updates.channelDifferenceTooLong',
      final: true,
      dialog: { peer: { channelId: 77 }, topMessage: 10_001, pts: MAX_CHANNEL_BEHIND + 11 },
      messages: [{ id: 10_001, message: 'the last' }],
    })
  })

  it('keeps from a member what was hidden when it came', async () => {
    const late = 1_000_000_009 as UserId
    await addUsers(rig, { [late]: 'Late' })
    await channel.post(ALICE, 'before')
    await channel.join(late, 'member', 1)
    await channel.post(ALICE, 'after')
    expect(await since(1, {}, late)).toMatchObject({ pts: 3, newMessages: [{ id: 2, message: 'after' }] })
  })

  it.each([
    [0, 'PERSISTENT_TIMESTAMP_EMPTY'],
    [-1, 'PERSISTENT_TIMESTAMP_INVALID'],
    [9, 'PERSISTENT_TIMESTAMP_INVALID'],
  ])('refuses pts %i with %s', async (pts, error) => {
    await expect(since(pts)).rejects.toThrow(error)
  })

  it('is nothing for outsiders of a private channel, and for all of a public one', async () => {
    const stranger = 1_000_000_008 as UserId
    await addUsers(rig, { [stranger]: 'Stranger' })
    await expect(since(1, {}, stranger)).rejects.toThrow('CHANNEL_PRIVATE')
    await channel.create('supergroup', [ALICE], { username: 'open_to_all' })
    rig.services.chats.changed(channel.chatId)
    expect(await since(1, {}, stranger)).toMatchObject({ _: 'updates.channelDifferenceEmpty' })
  })

  it('is what updates.getDifference sends to, for channels in which anything happened since', async () => {
    await rig.write(BOB, ALICE, 'private')
    await channel.post(ALICE, 'one')
    const difference = await getDifference(
      { _: 'updates.getDifference', pts: 2, date: NOW - 5, qts: 0 } as never,
      rig.context(BOB),
    )
    expect(difference).toMatchObject({
      _: 'updates.difference',
      otherUpdates: [{ _: 'updateChannel' }, { _: 'updateChannelTooLong', channelId: 77, pts: 2 }],
      chats: [{ id: 77 }],
      state: { pts: 2 },
    })
    const nothing = await getDifference(
      { _: 'updates.getDifference', pts: 2, date: NOW + 5, qts: 0 } as never,
      rig.context(BOB),
    )
    expect(nothing).toMatchObject({ _: 'updates.differenceEmpty' })
  })
})
