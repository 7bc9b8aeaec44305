import {
  FIRST_USER_ID,
  type PhoneReserved,
  USER_ID_LIMIT,
  type UserChanged,
  type UserId,
} from '@heliograph/schemas/avro'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { caller, RowMap, someAt, specification, uncalledHeader } from '../runtime/specification.ts'
import { accountDecider } from './index.ts'

const alice = 1_000_000_001 as UserId
const bob = 1_000_000_002 as UserId
const spec = specification(accountDecider)
const yes = {
  kind: 'answer',
  to: caller,
  record: { type: 'Reply', request: 42, error: null, mailbox: null, userId: null },
}

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
    expect(reactions).toEqual([{ ...yes, record: { ...yes.record, userId: id } }])
    expect(accountDecider.react(reserved(id), uncalledHeader, someAt)).toEqual([])
  })

  it('answers with the same id for ever', () => {
    spec.given(reserved(7)).when(reserve, { offset: 99 }).gives(reserved(7))
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

describe('users', () => {
  const profile = Buffer.from('profile')
  const create = { type: 'CreateUser', userId: alice, phoneHmac: 'p1', profile } as const
  const created: UserChanged = {
    ...create,
    type: 'UserChanged',
    username: null,
    createdAt: someAt.date,
    change: 'create',
  }
  const told = [
    {
      kind: 'publication',
      channel: `user:${alice}`,
      record: {
        type: 'AccountUpdate',
        userId: alice,
        kind: 'user',
        peerId: 0,
        name: '',
        origin: caller.session,
      },
    },
    { kind: 'publication', channel: `presence:${alice}`, record: { type: 'ProfileChanged', userId: alice } },
  ]

  it('are created once', () => {
    expect(spec.given().when(create).gives(created)).toEqual([yes])
    spec
      .given(created)
      .when({ ...create, profile: Buffer.from('other') }, { date: 9 })
      .gives()
  })

  it('change their profile, whole', () => {
    const other = Buffer.from('other')
    const update = { type: 'UpdateProfile', userId: alice, profile: other } as const
    const event: UserChanged = { ...created, profile: other, change: 'profile' }
    expect(spec.given(created).when(update, { date: 9 }).gives(event)).toEqual([yes, ...told])
    spec.given(created, event).when(update).gives()
    spec.given().when(update).rejected(400, 'USER_ID_INVALID')
  })

  it('take and leave a username', () => {
    const set = { type: 'SetUsername', userId: alice, username: 'Name' } as const
    const named: UserChanged = { ...created, username: 'Name', change: 'username' }
    expect(spec.given(created).when(set).gives(named)).toEqual([yes, ...told])
    spec.given(created, named).when(set).gives()
    spec
      .given(created, named)
      .when({ ...set, username: null })
      .gives({ ...named, username: null })
    spec.given().when(set).rejected(400, 'USER_ID_INVALID')
  })
})
