import { decodeObject, encodeObject, type Tl } from '@heliograph/schemas/tl'
import { describe, expect, it } from 'vitest'
import { isLive, liveLocation, movedLocation } from './live.ts'

const NOW = 1_700_000_000
const place = (lat: number) => ({ _: 'inputGeoPoint', lat, long: 20 }) as const
const input = (more: Partial<Tl<'inputMediaGeoLive'>> = {}): Tl<'inputMediaGeoLive'> => ({
  _: 'inputMediaGeoLive',
  geoPoint: place(10),
  period: 900,
  ...more,
})
const sent = Buffer.from(encodeObject(liveLocation(input())))
const moved = (more: Partial<Tl<'inputMediaGeoLive'>>, now = NOW + 100) =>
  decodeObject(movedLocation(input(more), sent, NOW, now)) as Tl<'messageMediaGeoLive'>

describe('a live location', () => {
  it('has a period, and a heading that can be', () => {
    expect(liveLocation(input({ heading: 90 }))).toMatchObject({ period: 900, heading: 90, geo: { lat: 10 } })
    expect(liveLocation(input({ period: 0x7fffffff })).period).toBe(0x7fffffff)
    for (const wrong of [{ period: 5 }, { period: 100_000 }, { heading: 400 }, { stopped: true }] as const)
      expect(() => liveLocation(input(wrong))).toThrow('MEDIA_INVALID')
  })

  it('moves, and ends when it is stopped', () => {
    const { period: _, ...unchanged } = input({ geoPoint: place(11) })
    expect(decodeObject(movedLocation(unchanged, sent, NOW, NOW + 100))).toMatchObject({
      geo: { lat: 11 },
      period: 900,
    })
    const ended = moved({ stopped: true, geoPoint: { _: 'inputGeoPointEmpty' } })
    expect(ended).toMatchObject({ geo: { lat: 10 }, period: 100 })
    expect(isLive(ended, NOW, NOW + 100)).toBe(false)
  })

  it('does not move once it has ended, and nothing else does', () => {
    expect(() => moved({}, NOW + 901)).toThrow('MESSAGE_NOT_MODIFIED')
    expect(() => movedLocation(input(), null, NOW, NOW)).toThrow('MEDIA_PREV_INVALID')
  })
})
