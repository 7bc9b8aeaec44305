import type { UserId } from '@heliograph/schemas/avro'
import { presenceChannel } from '@heliograph/storage'
import { beforeEach, describe, expect, it } from 'vitest'
import { setOffline, setOnline } from '../presence.ts'
import { renderCachedUsers, renderUsers } from '../render/user.ts'
import { type Rig, signUp, testRig } from '../test-rig.ts'
import { MAX_AGE_MS, MAX_CACHED_RELATIONS, UserDirectory } from './directory.ts'
import { SERVICE_USER_ID } from './service-user.ts'

describe('the user directory', () => {
  let rig: Rig
  let alice: Awaited<ReturnType<typeof signUp>>
  let bob: Awaited<ReturnType<typeof signUp>>
  let here: UserDirectory
  beforeEach(async () => {
    rig = await testRig()
    alice = await signUp(rig, '+9996610001', 'Alice', '01')
    bob = await signUp(rig, '+9996610002', 'Bob', '02')
    here = new UserDirectory(rig.services)
  })

  const now = () => Math.floor(rig.nowMs / 1000)
  const cached = () => renderCachedUsers(here, alice.userId, [bob.userId], now())
  const see = async () => (await renderUsers(here, alice.userId, [bob.userId], now()))[0]
  const publish = (record: { type: string }) =>
    rig.services.bus.publish(presenceChannel(bob.userId), rig.services.codec.encodeBare(record))
  const tellAll = () => publish({ type: 'ProfileChanged', userId: bob.userId } as { type: string })

  it('renders from memory once it has seen somebody, each once, unknown ones as empty', async () => {
    expect(cached()).toBeUndefined()
    const ids = [bob.userId, alice.userId, bob.userId, 5 as UserId]
    const seen = await renderUsers(here, alice.userId, ids, now())
    expect(seen.map((user) => user._)).toEqual(['user', 'user', 'userEmpty'])
    expect(seen).toMatchObject([{ firstName: 'Bob' }, { self: true, phone: '9996610001' }, { id: 5 }])
    expect(renderCachedUsers(here, alice.userId, ids, now())).toEqual(seen)
    expect(renderCachedUsers(here, bob.userId, ids, now())).toBeUndefined()
  })

  it('hears of changed profiles and contacts at another gateway', async () => {
    await see()
    await rig.call('account.updateProfile', { firstName: 'Robert' }, bob)
    tellAll()
    expect(cached()).toBeUndefined()
    expect(await see()).toMatchObject({ firstName: 'Robert' })
    const contacts = [
      { _: 'inputPhoneContact', clientId: 1n, phone: '+9996610002', firstName: 'B', lastName: '' },
    ] as const
    await rig.call('contacts.importContacts', { contacts }, alice)
    expect(await see()).toMatchObject({ firstName: 'B', contact: true })
  })

  it('shows who is online without asking again', async () => {
    expect(await see()).toMatchObject({ status: { _: 'userStatusRecently' } })
    await setOnline(rig.services, bob.userId, now())
    expect(cached()).toMatchObject([{ status: { _: 'userStatusOnline' } }])
    await setOffline(rig.services, bob.userId, now() + 7)
    expect(cached()).toMatchObject([{ status: { _: 'userStatusOffline', wasOnline: now() + 7 } }])
    const elsewhere = new UserDirectory(rig.services)
    expect(await renderUsers(elsewhere, alice.userId, [bob.userId], now())).toMatchObject([
      { status: { _: 'userStatusOffline' } },
    ])
  })

  it('believes nothing for ever: the bus may have lost a change', async () => {
    await see()
    await rig.call('account.updateProfile', { firstName: 'Robert' }, bob)
    expect(cached()).toMatchObject([{ firstName: 'Bob' }])
    rig.nowMs += MAX_AGE_MS
    expect(cached()).toBeUndefined()
    expect(await see()).toMatchObject({ firstName: 'Robert' })
  })

  it('does not keep what was read before a change that came during the read', async () => {
    const { tables } = rig.services
    const racing = {
      ...rig.services,
      tables: Object.assign(Object.create(tables), {
        getMany: async (refs: Parameters<typeof tables.getMany>[0]) => {
          const rows = await tables.getMany(refs)
          racing.tables.getMany = tables.getMany.bind(tables)
          await rig.call('account.updateProfile', { firstName: 'Robert' }, bob)
          tellAll()
          return rows
        },
      }),
    }
    here = new UserDirectory(racing)
    expect(await see()).toMatchObject({ firstName: 'Bob' })
    expect(await see()).toMatchObject({ firstName: 'Robert' })
  })

  it('renders more users than it keeps relations of', async () => {
    const ids = Array.from({ length: 3 * MAX_CACHED_RELATIONS }, (_, i) => (5_000 + i) as UserId)
    const seen = await renderUsers(here, alice.userId, [...ids, bob.userId], now())
    expect(seen.length).toBe(ids.length + 1)
    expect(seen.at(-1)).toMatchObject({ firstName: 'Bob' })
  })

  it('shows an account whose data key is gone as deleted', async () => {
    await rig.services.keyring.shred(`user:${bob.userId}` as never)
    const seen = await see()
    expect(seen).toMatchObject({ _: 'user', deleted: true })
    expect(seen).not.toHaveProperty('firstName')
  })

  it('knows the service user, who has no row', async () => {
    const [service] = await renderUsers(here, alice.userId, [SERVICE_USER_ID], now())
    expect(service).toMatchObject({ id: 777000, firstName: 'Heliograph', verified: true, support: true })
  })
})
