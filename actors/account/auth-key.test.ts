import {
  ACTIVITY_INTERVAL_SECONDS,
  type AuthKeyChanged,
  type AuthKeyDestroyed,
  type UserId,
} from '@heliograph/schemas/avro'
import { authKeys, authorizations } from '@heliograph/storage'
import { describe, expect, it } from 'vitest'
import { answer } from '../answer.ts'
import {
  calledHeader,
  caller,
  RowMap,
  someAt,
  specification,
  uncalledHeader,
} from '../runtime/specification.ts'
import { accountDecider } from './index.ts'

const alice = 1_000_000_001 as UserId
const bob = 1_000_000_002 as UserId
const spec = specification(accountDecider)

const sealedKey = Buffer.from('sealed key')
const register = {
  type: 'RegisterAuthKey',
  authKeyId: 'k1',
  sealedKey,
  firstSalt: 5n,
  expiresAt: null,
} as const
const registered: AuthKeyChanged = {
  ...register,
  type: 'AuthKeyChanged',
  permanentKeyId: null,
  userId: null,
  layer: null,
  client: null,
  createdAt: someAt.date,
  loggedInAt: null,
  activeAt: null,
  change: 'register',
  previousUserId: null,
}
const temporary: AuthKeyChanged = { ...registered, authKeyId: 't1', expiresAt: someAt.date + 86_400 }
const loggedIn: AuthKeyChanged = {
  ...registered,
  userId: alice,
  loggedInAt: someAt.date,
  activeAt: someAt.date,
  change: 'log-in',
}
const yes = answer(caller)
const signal = (change: string, userId: UserId) => ({
  kind: 'publication',
  channel: `user:${userId}`,
  record: { type: 'AuthKeySignal', authKeyId: 'k1', change, userId },
})

describe('RegisterAuthKey', () => {
  it('makes the key known', () => {
    expect(spec.given().when(register).gives(registered)).toEqual([yes])
    const until = { ...register, expiresAt: 9 }
    spec
      .given()
      .when(until)
      .gives({ ...registered, expiresAt: 9 })
  })

  it('may come again, but not with another key', () => {
    spec.given(registered).when(register).gives()
    const other = { ...register, sealedKey: Buffer.from('another') }
    spec.given(registered).when(other).rejected(400, 'AUTH_KEY_ID_TAKEN')
  })
})

describe('BindAuthKey', () => {
  const bind = { type: 'BindAuthKey', authKeyId: 't1', permanentKeyId: 'k1' } as const
  const bound: AuthKeyChanged = { ...temporary, permanentKeyId: 'k1', change: 'bind' }

  it('binds a temporary key to a permanent one, once', () => {
    expect(spec.given(registered, temporary).when(bind).gives(bound)).toEqual([yes])
    spec.given(registered, temporary, bound).when(bind).gives()
    const other = { ...registered, authKeyId: 'k2' }
    const again = { ...bind, permanentKeyId: 'k2' }
    spec.given(registered, other, temporary, bound).when(again).rejected(400, 'TEMP_AUTH_KEY_ALREADY_BOUND')
  })

  it('wants a temporary and a permanent key that are there', () => {
    spec.given(registered).when(bind).rejected(401, 'AUTH_KEY_UNREGISTERED')
    spec.given(temporary).when(bind).rejected(400, 'ENCRYPTED_MESSAGE_INVALID')
    const other = { ...temporary, authKeyId: 'k1' }
    spec.given(other, temporary).when(bind).rejected(400, 'ENCRYPTED_MESSAGE_INVALID')
    const permanent = { ...registered, authKeyId: 't1' }
    spec.given(registered, permanent).when(bind).rejected(400, 'ENCRYPTED_MESSAGE_INVALID')
  })
})

describe('DescribeAuthKey', () => {
  const client = Buffer.from('sealed client')
  const describeKey = { type: 'DescribeAuthKey', authKeyId: 'k1', layer: 200, client } as const
  const described: AuthKeyChanged = { ...registered, layer: 200, client, change: 'describe' }

  it('keeps layer and client', () => {
    expect(spec.given(registered).when(describeKey).gives(described)).toEqual([yes])
    spec.given(registered, described).when(describeKey).gives()
    const layer = { ...describeKey, layer: 201, client: null }
    spec
      .given(registered, described)
      .when(layer)
      .gives({ ...described, layer: 201 })
    spec
      .given(registered, described)
      .when({ ...layer, layer: 200 })
      .gives()
    spec.given().when(describeKey).rejected(401, 'AUTH_KEY_UNREGISTERED')
  })

  it('renews the authorization of who is logged in', () => {
    const event = { ...loggedIn, layer: 200, client, change: 'describe' } as const
    expect(spec.given(loggedIn).when(describeKey).gives(event)).toEqual([yes])
    const rows = new RowMap().apply(accountDecider.project(event))
    const row = {
      userId: alice,
      authKeyId: 'k1',
      layer: 200,
      client,
      createdAt: someAt.date,
      activeAt: someAt.date,
    }
    expect(rows.get(authorizations, { userId: alice, authKeyId: 'k1' })).toEqual(row)
  })
})

describe('LogInAuthKey', () => {
  const logIn = (userId: UserId) => ({ type: 'LogInAuthKey', authKeyId: 'k1', userId }) as const

  it('authorizes the key, and says so to the user', () => {
    expect(spec.given(registered).when(logIn(alice)).gives(loggedIn)).toEqual([yes, signal('log-in', alice)])
    spec.given(registered, loggedIn).when(logIn(alice), { date: 1 }).gives()
    const rows = new RowMap().apply(accountDecider.project(loggedIn))
    expect(rows.get(authKeys, { authKeyId: 'k1' })).toMatchObject({ userId: alice, sealedKey, firstSalt: 5n })
    expect(rows.get(authorizations, { userId: alice, authKeyId: 'k1' })).toMatchObject({
      createdAt: someAt.date,
    })
  })

  it('of another user ends the one before', () => {
    const date = someAt.date + 9
    const event: AuthKeyChanged = {
      ...loggedIn,
      userId: bob,
      loggedInAt: date,
      activeAt: date,
      previousUserId: alice,
    }
    const reactions = spec.given(registered, loggedIn).when(logIn(bob), { date }).gives(event)
    expect(reactions).toEqual([yes, signal('log-out', alice), signal('log-in', bob)])
    const rows = new RowMap().apply([loggedIn, event].flatMap((each) => accountDecider.project(each)))
    expect(rows.get(authorizations, { userId: alice, authKeyId: 'k1' })).toBeUndefined()
    expect(rows.get(authorizations, { userId: bob, authKeyId: 'k1' })?.createdAt).toBe(date)
  })

  it('wants a permanent key that is there', () => {
    spec.given().when(logIn(alice)).rejected(401, 'AUTH_KEY_UNREGISTERED')
    const command = { ...logIn(alice), authKeyId: 't1' }
    spec.given(temporary).when(command).rejected(401, 'AUTH_KEY_PERM_EMPTY')
  })
})

describe('LogOutAuthKey', () => {
  const logOut = { type: 'LogOutAuthKey', authKeyId: 'k1' } as const

  it('ends the authorization and keeps the key', () => {
    const event: AuthKeyChanged = { ...registered, change: 'log-out', previousUserId: alice }
    expect(spec.given(loggedIn).when(logOut).gives(event)).toEqual([yes, signal('log-out', alice)])
    const rows = new RowMap().apply([loggedIn, event].flatMap((each) => accountDecider.project(each)))
    expect(rows.entries().map(([id]) => id)).toEqual(['auth_keys(k1)'])
    expect(rows.get(authKeys, { authKeyId: 'k1' })?.userId).toBeNull()
  })

  it('has nothing to do where nobody is logged in', () => {
    spec.given(registered).when(logOut).gives()
    spec.given().when(logOut).gives()
  })
})

describe('DestroyAuthKey', () => {
  const destroy = { type: 'DestroyAuthKey', authKeyId: 'k1' } as const

  it('removes the key, and the authorization with it', () => {
    const event: AuthKeyDestroyed = { type: 'AuthKeyDestroyed', authKeyId: 'k1', userId: alice }
    expect(spec.given(loggedIn).when(destroy).gives(event)).toEqual([yes, signal('destroy', alice)])
    const rows = new RowMap().apply([loggedIn, event].flatMap((each) => accountDecider.project(each)))
    expect(rows.entries()).toEqual([])
    expect(accountDecider.react(event, uncalledHeader, someAt)).toEqual([signal('destroy', alice)])
  })

  it('tells all gateways of a key of nobody', () => {
    const told = {
      kind: 'publication',
      channel: 'auth-keys',
      record: { type: 'AuthKeySignal', authKeyId: 'k1', change: 'destroy', userId: null },
    }
    const event: AuthKeyDestroyed = { type: 'AuthKeyDestroyed', authKeyId: 'k1', userId: null }
    expect(spec.given(registered).when(destroy).gives(event)).toEqual([yes, told])
    expect(accountDecider.react(event, calledHeader, someAt)).toEqual([yes, told])
    spec.given().when(destroy).gives()
  })
})

describe('TouchAuthKey', () => {
  const touch = { type: 'TouchAuthKey', authKeyId: 'k1' } as const
  const date = someAt.date + ACTIVITY_INTERVAL_SECONDS

  it('notes once a day that a log-in is used', () => {
    spec
      .given(registered, loggedIn)
      .when(touch, { date: date - 1 })
      .gives()
    const active: AuthKeyChanged = { ...loggedIn, activeAt: date, change: 'active' }
    expect(spec.given(registered, loggedIn).when(touch, { date }).gives(active)).toEqual([yes])
    const rows = new RowMap().apply(accountDecider.project(active))
    expect(rows.get(authorizations, { userId: alice, authKeyId: 'k1' })?.activeAt).toBe(date)
  })

  it('notes nothing of a key that nobody is logged in on', () => {
    spec.given(registered).when(touch).gives()
    spec.given().when(touch).rejected(401, 'AUTH_KEY_UNREGISTERED')
  })
})
