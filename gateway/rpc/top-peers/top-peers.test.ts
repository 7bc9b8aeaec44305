import type { PeerId } from '@heliograph/schemas/avro'
import { mailboxCounters } from '@heliograph/storage'
import { beforeEach, describe, expect, it } from 'vitest'
import { ALICE, BOB, NOW, Rig } from '../messages/test-rig.ts'
import { RATING_DECAY_SECONDS, ratings } from './ratings.ts'
import { getTopPeers } from './top-peers.ts'

const CAROL = 1_000_000_003 as typeof ALICE
const call = { _: 'contacts.getTopPeers', correspondents: true, offset: 0, limit: 10, hash: 0n } as const

describe('top peers', () => {
  let rig: Rig
  beforeEach(async () => {
    rig = await Rig.start()
    await rig.write(ALICE, BOB, 'one', ALICE)
    await rig.write(ALICE, CAROL, 'two', ALICE)
    await rig.write(ALICE, CAROL, 'three', ALICE)
    await rig.write(ALICE, BOB, 'not by Alice')
    await rig.write(ALICE, ALICE, 'a note', ALICE)
  })

  it('are those whom one writes to, more for newer messages', async () => {
    const rated = await ratings(rig.context(ALICE), new Map())
    expect(rated.map(({ peerId }) => peerId)).toEqual([CAROL, BOB])
    const ages = [998, 997].map((age) => Math.exp(-age / RATING_DECAY_SECONDS))
    expect(rated[0]!.rating).toBeCloseTo(ages[0]! + ages[1]!, 8)
  })

  it('begin anew after a reset', async () => {
    const since = new Map([[CAROL as number as PeerId, NOW - 998]])
    const [first, second] = await ratings(rig.context(ALICE), since)
    expect([first!.peerId, second!.peerId]).toEqual([CAROL, BOB])
    expect(first!.rating).toBeLessThan(1)
    const all = new Map([[CAROL as number as PeerId, NOW]])
    expect((await ratings(rig.context(ALICE), all)).map(({ peerId }) => peerId)).toEqual([BOB])
  })

  it('are given by kind, with the users that they name', async () => {
    const answer = await getTopPeers(call, rig.context(ALICE))
    expect(answer).toMatchObject({
      categories: [{ count: 2, peers: [{ peer: { userId: CAROL } }, { peer: { userId: BOB } }] }],
    })
    const { correspondents: _, ...none } = call
    await expect(getTopPeers(none, rig.context(ALICE))).rejects.toThrow('TYPES_EMPTY')
    await rig.apply([{ kind: 'delete', table: mailboxCounters, key: { userId: ALICE } }])
    expect(await getTopPeers(call, rig.context(ALICE))).toMatchObject({ categories: [] })
  })
})
