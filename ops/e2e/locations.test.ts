import { Long, type tl } from '@mtcute/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Couple, endCouple, startCouple } from './couple.ts'
import { eventually } from './eventually.ts'
import type { Member } from './people.ts'

describe('live locations, seen from mtcute', () => {
  let couple: Couple
  let alice: Member
  let bob: Member

  beforeAll(async () => {
    couple = await startCouple({ acquainted: true })
    alice = couple.alice
    bob = couple.bob
  })
  afterAll(() => endCouple(couple ?? {}))

  const recentOf = async (who: Member, other: Member) => {
    const peer = await who.client.resolvePeer(other.id)
    const answer = await who.client.call({
      _: 'messages.getRecentLocations',
      peer,
      limit: 10,
      hash: Long.ZERO,
    })
    return (answer as tl.messages.RawMessages).messages as tl.RawMessage[]
  }
  const move = async (id: number, more: Partial<tl.RawInputMediaGeoLive>) => {
    const peer = await alice.client.resolvePeer(bob.id)
    const geoPoint = { _: 'inputGeoPoint', lat: 11, long: 21 } as const
    const media = { _: 'inputMediaGeoLive', geoPoint, ...more } as const
    return alice.client.call({ _: 'messages.editMessage', peer, id, media })
  }

  it('are sent, move and end', async () => {
    const geoPoint = { _: 'inputGeoPoint', lat: 10, long: 20 } as const
    const media = { _: 'inputMediaGeoLive', geoPoint, period: 900, heading: 45 } as const
    const sent = await alice.client.sendMedia(bob.id, media)
    expect(sent.media).toMatchObject({ type: 'live_location', period: 900, heading: 45 })
    expect(await recentOf(bob, alice)).toMatchObject([{ media: { _: 'messageMediaGeoLive', period: 900 } }])
    await move(sent.id, {})
    await eventually('Bob sees it move', () => bob.updates.some(({ _ }) => _ === 'updateEditMessage'))
    const [moved] = await recentOf(bob, alice)
    expect((moved!.media as tl.RawMessageMediaGeoLive).geo).toMatchObject({ _: 'geoPoint', lat: 11 })
    await move(sent.id, { stopped: true })
    await eventually('it has ended', async () => (await recentOf(bob, alice)).length === 0)
    await expect(move(sent.id, {})).rejects.toMatchObject({ text: 'MESSAGE_NOT_MODIFIED' })
  })
})
