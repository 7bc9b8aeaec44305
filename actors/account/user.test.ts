import { ACTIVITY_INTERVAL_SECONDS, type UserChanged, type UserId } from '@heliograph/schemas/avro'
import { describe, expect, it } from 'vitest'
import { answer } from '../answer.ts'
import { caller, someAt, specification } from '../runtime/specification.ts'
import { accountDecider } from './index.ts'

const alice = 1_000_000_001 as UserId
const spec = specification(accountDecider)
const profile = Buffer.from('profile')
const other = Buffer.from('other')
const yes = answer(caller)

const create = { type: 'CreateUser', userId: alice, phoneHmac: 'p1', profile } as const
const created: UserChanged = {
  ...create,
  type: 'UserChanged',
  username: null,
  createdAt: someAt.date,
  change: 'create',
  privacy: null,
  activeAt: someAt.date,
  deletedAt: null,
  formerPhoneHmac: null,
  formerUsername: null,
  changed: null,
}
const own = (kind: string, name = '') => ({
  kind: 'publication',
  channel: `user:${alice}`,
  record: { type: 'AccountUpdate', userId: alice, kind, peerId: 0, name, origin: caller.session },
})
const all = (change: string) => ({
  kind: 'publication',
  channel: `presence:${alice}`,
  record: { type: 'ProfileChanged', userId: alice, change },
})
const order = (key: string, record: object) => ({
  kind: 'record',
  topic: 'account.commands',
  key,
  record,
  reply: null,
})

describe('users', () => {
  it('are created once', () => {
    expect(spec.given().when(create).gives(created)).toEqual([yes])
    spec
      .given(created)
      .when({ ...create, profile: other }, { date: 9 })
      .gives()
  })

  it('change their profile, whole', () => {
    const update = { type: 'UpdateProfile', userId: alice, profile: other } as const
    const event: UserChanged = { ...created, profile: other, change: 'profile' }
    expect(spec.given(created).when(update, { date: 9 }).gives(event)).toEqual([
      yes,
      own('user'),
      all('profile'),
    ])
    spec.given(created, event).when(update).gives()
    spec.given().when(update).rejected(400, 'USER_ID_INVALID')
  })

  it('take and leave a username', () => {
    const set = { type: 'SetUsername', userId: alice, username: 'Name' } as const
    const named: UserChanged = { ...created, username: 'Name', change: 'username' }
    expect(spec.given(created).when(set).gives(named)).toEqual([yes, own('user'), all('username')])
    spec.given(created, named).when(set).gives()
    spec
      .given(created, named)
      .when({ ...set, username: null })
      .gives({ ...named, username: null })
    spec.given().when(set).rejected(400, 'USER_ID_INVALID')
  })

  it('change their number, which frees the former one', () => {
    const change = { type: 'ChangePhone', userId: alice, phoneHmac: 'p2', profile: other } as const
    const event: UserChanged = {
      ...created,
      phoneHmac: 'p2',
      profile: other,
      change: 'phone',
      formerPhoneHmac: 'p1',
    }
    expect(spec.given(created).when(change).gives(event)).toEqual([
      yes,
      order('phone:p1', { type: 'ReleasePhone', phoneHmac: 'p1', userId: alice }),
      own('user', 'phone'),
      all('phone'),
    ])
    spec.given(created, event).when(change).gives()
    spec.given().when(change).rejected(400, 'USER_ID_INVALID')
  })
})

describe('SetPrivacy', () => {
  const set = { type: 'SetPrivacy', userId: alice, privacy: other, previous: null, name: 'Calls' } as const
  const event: UserChanged = { ...created, privacy: other, change: 'privacy', changed: 'Calls' }

  it('replaces the settings that its writer has seen', () => {
    expect(spec.given(created).when(set).gives(event)).toEqual([
      yes,
      own('setting', 'privacy:Calls'),
      all('privacy'),
    ])
    spec
      .given(created, event)
      .when({ ...set, previous: other, privacy: profile })
      .gives({ ...event, privacy: profile })
  })

  it('is rejected with PRIVACY_CHANGED where they have changed since', () => {
    spec.given(created, event).when(set).rejected(409, 'PRIVACY_CHANGED')
    spec
      .given(created, event)
      .when({ ...set, previous: profile })
      .rejected(409, 'PRIVACY_CHANGED')
    spec
      .given(created)
      .when({ ...set, previous: profile })
      .rejected(409, 'PRIVACY_CHANGED')
  })
})

describe('TouchUser', () => {
  const touch = { type: 'TouchUser', userId: alice } as const

  it('notes once a day that an account is used, and tells nobody', () => {
    const date = someAt.date + ACTIVITY_INTERVAL_SECONDS
    spec
      .given(created)
      .when(touch, { date: date - 1 })
      .gives()
    const event: UserChanged = { ...created, activeAt: date, change: 'active' }
    expect(spec.given(created).when(touch, { date }).gives(event)).toEqual([yes])
    spec.given().when(touch).rejected(400, 'USER_ID_INVALID')
  })
})

describe('DeleteUser', () => {
  const remove = { type: 'DeleteUser', userId: alice, idleSince: null } as const
  const named: UserChanged = { ...created, username: 'Name', privacy: other, change: 'username' }
  const gone: UserChanged = {
    ...named,
    phoneHmac: '',
    profile: Buffer.alloc(0),
    username: null,
    privacy: null,
    deletedAt: someAt.date,
    formerPhoneHmac: 'p1',
    formerUsername: 'Name',
    change: 'delete',
  }

  it('empties the account, frees number and name, and tells whoever shows it', () => {
    expect(spec.given(named).when(remove).gives(gone)).toEqual([
      yes,
      order('phone:p1', { type: 'ReleasePhone', phoneHmac: 'p1', userId: alice }),
      order('username:name', { type: 'ReleaseUsername', username: 'name', userId: alice }),
      order(`names:${alice}`, { type: 'ChangeCollection', userId: alice, change: 'drop', usernames: [] }),
      all('delete'),
    ])
  })

  it('happens once, and nothing changes the account afterwards', () => {
    spec.given(named, gone).when(remove).gives()
    spec.given(named, gone).when(create).gives()
    spec.given(named, gone).when({ type: 'TouchUser', userId: alice }).rejected(400, 'USER_ID_INVALID')
    spec.given().when(remove).rejected(400, 'USER_ID_INVALID')
  })

  it('spares who was active after the time that was found too long', () => {
    const idle = { ...remove, idleSince: someAt.date - 1 }
    spec.given(named).when(idle).gives()
    spec
      .given({ ...named, activeAt: null })
      .when(idle)
      .gives()
    spec
      .given(named)
      .when({ ...remove, idleSince: someAt.date })
      .gives(gone)
  })
})
