import { MAX_CHANNEL_ID, type UserId } from '@heliograph/schemas/avro'
import { beforeAll, describe, expect, it } from 'vitest'
import { accessHash } from './access-hash.ts'
import type { CallContext } from './handler.ts'
import {
  inputChannelId,
  inputGroupId,
  inputPeerId,
  inputPeerUserId,
  inputUserId,
  isUserId,
  MAX_USER_ID,
} from './peers.ts'
import { type Rig, signUp, testRig } from './test-rig.ts'

describe('input peers', () => {
  let rig: Rig
  let context: CallContext
  let bob: UserId
  let hash: bigint
  beforeAll(async () => {
    rig = await testRig()
    const alice = await signUp(rig, '+9996610001', 'Alice', '01')
    bob = (await signUp(rig, '+9996610002', 'Bob', '02')).userId
    context = { caller: alice, user: alice.userId, now: 0, services: rig.services }
    hash = accessHash(rig.services.keyring, alice.userId, 'user', bob)
  })

  it.each(['computed', 'remembered'])('are verified by their %s access hash', async (how) => {
    if (how === 'remembered') await rig.services.directory.views(context.user, [bob])
    expect(inputUserId({ _: 'inputUser', userId: bob, accessHash: hash }, context)).toBe(bob)
    expect(inputPeerId({ _: 'inputPeerUser', userId: bob, accessHash: hash }, context)).toBe(bob)
    for (const wrong of [0n, hash + 1n, -hash]) {
      expect(() => inputUserId({ _: 'inputUser', userId: bob, accessHash: wrong }, context)).toThrow(
        'USER_ID_INVALID',
      )
      expect(() => inputPeerUserId({ _: 'inputPeerUser', userId: bob, accessHash: wrong }, context)).toThrow(
        'PEER_ID_INVALID',
      )
    }
  })

  it('need no hash for oneself', () => {
    expect(inputUserId({ _: 'inputUserSelf' }, context)).toBe(context.user)
    expect(inputPeerUserId({ _: 'inputPeerSelf' }, context)).toBe(context.user)
    expect(inputUserId({ _: 'inputUser', userId: context.user, accessHash: 0n }, context)).toBe(context.user)
  })

  it('may be seen in a message of a chat that the caller is in, and only its members', () => {
    const peer = { _: 'inputPeerUser', userId: bob, accessHash: hash } as const
    expect(inputUserId({ _: 'inputUserFromMessage', peer, msgId: 1, userId: bob }, context)).toBe(bob)
    const other = { _: 'inputUserFromMessage', peer, msgId: 1, userId: bob + 1 } as const
    expect(() => inputUserId(other, context)).toThrow('USER_ID_INVALID')
  })

  it('name nobody as groups, channels, or nothing', () => {
    for (const peer of [
      { _: 'inputPeerEmpty' },
      { _: 'inputPeerChat', chatId: 1 },
      { _: 'inputPeerChannel', channelId: 1, accessHash: 0n },
    ] as const) {
      expect(() => inputPeerUserId(peer, context)).toThrow('PEER_ID_INVALID')
    }
  })

  it('are groups by their id alone, and channels by the access hash of the caller', () => {
    const channel = (channelId: number, accessHash: bigint) =>
      ({ _: 'inputPeerChannel', channelId, accessHash }) as const
    const own = accessHash(rig.services.keyring, context.user, 'channel', 7)
    const foreign = accessHash(rig.services.keyring, bob, 'channel', 7)
    expect(inputPeerId({ _: 'inputPeerChat', chatId: 5 }, context)).toBe(-5)
    expect(inputPeerId(channel(7, own), context)).toBe(-1_000_000_000_007)
    for (const hash of [foreign, 0n, own + 1n]) {
      expect(() => inputPeerId(channel(7, hash), context)).toThrow('CHANNEL_INVALID')
    }
    expect(inputChannelId({ _: 'inputChannel', channelId: 7, accessHash: own }, context)).toBe('c7')
    expect(() => inputChannelId({ _: 'inputChannelEmpty' }, context)).toThrow('CHANNEL_INVALID')
    for (const id of [0, -1, 1.5, 10 ** 12]) {
      expect(() => inputPeerId({ _: 'inputPeerChat', chatId: id }, context)).toThrow('PEER_ID_INVALID')
      expect(() => inputGroupId(id)).toThrow('PEER_ID_INVALID')
    }
    expect(() => inputPeerId(channel(MAX_CHANNEL_ID + 1, 0n), context)).toThrow('CHANNEL_INVALID')
  })

  it('have ids within what clients accept', () => {
    for (const id of [0, -1, 1.5, MAX_USER_ID, Number.NaN]) expect(isUserId(id)).toBe(false)
    expect(isUserId(MAX_USER_ID - 1)).toBe(true)
  })
})
