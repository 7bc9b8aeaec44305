import { FIRST_USER_ID, type PhoneReserved, USER_ID_LIMIT, type UserId } from '@heliograph/schemas/avro'
import { awaitedPhones } from '@heliograph/storage'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answer } from '../answer.ts'
import { caller, RowMap, someAt, specification, uncalledHeader } from '../runtime/specification.ts'
import { accountDecider } from './index.ts'

const alice = 1_000_000_001 as UserId
const bob = 1_000_000_002 as UserId
const spec = specification(accountDecider)
const yes = answer(caller)

describe('ReservePhone', () => {
  const reserve = { type: 'ReservePhone', phoneHmac: 'p1' } as const
  const reserved = (userId: number): PhoneReserved => ({
    type: 'PhoneReserved',
    phoneHmac: 'p1',
    userId: userId as UserId,
  })

  it('gives the number the user id that its place in the log makes, and answers with it', () => {
    const id = FIRST_USER_ID + 5 * 8 + 3
    const reactions = spec.given().when(reserve).gives(reserved(id))
    expect(reactions).toEqual([answer(caller, { userId: id as UserId })])
    expect(accountDecider.react(reserved(id), uncalledHeader, someAt)).toEqual([])
  })

  it('answers with the same id for ever', () => {
    spec.given(reserved(7)).when(reserve, { offset: 99 }).gives(reserved(7))
  })

  it('can be taken over by a user, but not from another account', () => {
    const claim = { type: 'ClaimPhone', phoneHmac: 'p1', userId: alice, replaces: null } as const
    expect(spec.given().when(claim).gives(reserved(alice))).toHaveLength(1)
    spec.given(reserved(alice)).when(claim).gives(reserved(alice))
    spec.given(reserved(bob)).when(claim).rejected(400, 'PHONE_NUMBER_OCCUPIED')
    spec
      .given(reserved(bob))
      .when({ ...claim, replaces: bob })
      .gives(reserved(alice))
  })

  it('gives a new id once the number has been released, by its owner alone', () => {
    const release = { type: 'ReleasePhone', phoneHmac: 'p1', userId: alice } as const
    const released = { type: 'PhoneReleased', phoneHmac: 'p1', userId: alice } as const
    spec.given(reserved(bob)).when(release).gives()
    spec.given().when(release).gives()
    expect(spec.given(reserved(alice)).when(release).gives(released)).toEqual([yes])
    spec
      .given(reserved(alice), released)
      .when(reserve)
      .gives(reserved(FIRST_USER_ID + 5 * 8 + 3))
  })

  it('notes once who waits for a number to get an account', () => {
    const wait = { type: 'AwaitPhone', phoneHmac: 'p1', userId: bob } as const
    const awaited = { type: 'PhoneAwaited', phoneHmac: 'p1', userId: bob, date: someAt.date } as const
    expect(spec.given().when(wait).gives(awaited)).toEqual([yes])
    spec.given(awaited).when(wait, { date: 9 }).gives()
    const row = new RowMap().apply(accountDecider.project(awaited)).get(awaitedPhones, awaited)
    expect(row).toEqual({ phoneHmac: 'p1', userId: bob, date: someAt.date })
  })

  it('gives no id twice and none that clients cannot take', () => {
    const place = fc.tuple(fc.nat({ max: 2 ** 30 }), fc.nat({ max: 15 }))
    const idAt = ([offset, partition]: [number, number]) => {
      const at = { ...someAt, offset, partition, partitions: 16 }
      const decision = accountDecider.decide(new RowMap(), reserve, at)
      return 'events' in decision ? (decision.events[0] as PhoneReserved).userId : -1
    }
    fc.assert(
      fc.property(place, place, (a, b) => {
        expect(idAt(a) === idAt(b)).toBe(a[0] === b[0] && a[1] === b[1])
        expect(idAt(a)).toBeGreaterThanOrEqual(FIRST_USER_ID)
        expect(idAt(a)).toBeLessThan(USER_ID_LIMIT)
      }),
    )
    expect(() => idAt([2 ** 37, 0])).toThrow('used up')
  })
})

describe('usernames', () => {
  const claim = (userId: UserId, username = 'Name') => ({ type: 'ClaimUsername', username, userId }) as const
  const release = (userId: UserId) => ({ type: 'ReleaseUsername', username: 'NAME', userId }) as const
  const claimed = { type: 'UsernameClaimed', username: 'name', userId: alice } as const
  const released = { type: 'UsernameReleased', username: 'name', userId: alice } as const

  it('belong to who claims them first, in whatever case', () => {
    expect(spec.given().when(claim(alice)).gives(claimed)).toEqual([yes])
    spec.given(claimed).when(claim(bob, 'NAME')).rejected(400, 'USERNAME_OCCUPIED')
    spec.given(claimed).when(claim(alice)).gives()
  })

  it('are released by their owner alone', () => {
    spec.given(claimed).when(release(bob)).gives()
    spec.given().when(release(alice)).gives()
    expect(spec.given(claimed).when(release(alice)).gives(released)).toEqual([yes])
    spec
      .given(claimed, released)
      .when(claim(bob))
      .gives({ ...claimed, userId: bob })
  })
})
