import { ADMIN_RIGHTS, BANNED_RIGHTS } from '@heliograph/schemas/avro'
import { describe, expect, it } from 'vitest'
import { adminBits, adminRights, banEnd, bannedBits, bannedRights } from './rights.ts'

describe('rights', () => {
  it('are the same bits both ways', () => {
    for (const bit of Object.values(ADMIN_RIGHTS)) expect(adminBits(adminRights(bit))).toBe(bit)
    for (const bit of Object.values(BANNED_RIGHTS)) {
      if (bit !== BANNED_RIGHTS.sendMedia) expect(bannedBits(bannedRights(bit))).toBe(bit)
    }
    const all = Object.values(ADMIN_RIGHTS).reduce((set, bit) => set | bit, 0)
    expect(adminBits(adminRights(all))).toBe(all)
  })

  it('that forbid media as a whole, as older clients say it, forbid each kind', () => {
    const bits = bannedBits({ _: 'chatBannedRights', sendMedia: true, untilDate: 0 })
    expect(bannedRights(bits)).toMatchObject({ sendMedia: true, sendPhotos: true, sendVoices: true })
    const some = bannedBits({ _: 'chatBannedRights', sendMedia: true, sendVideos: true, untilDate: 0 })
    expect(bannedRights(some)).not.toHaveProperty('sendPhotos')
  })

  it('that are forbidden end when they say so, within half a minute and a year or never', () => {
    const now = 1_000_000
    expect(banEnd(0, now)).toBe(0)
    expect(banEnd(now + 10, now)).toBe(0)
    expect(banEnd(now + 3600, now)).toBe(now + 3600)
    expect(banEnd(now + 400 * 86_400, now)).toBe(0)
    expect(() => banEnd(-1, now)).toThrow('UNTIL_DATE_INVALID')
    expect(bannedRights(2, now + 3600).untilDate).toBe(now + 3600)
  })
})
