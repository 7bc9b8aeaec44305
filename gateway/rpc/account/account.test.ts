import { authorizations } from '@heliograph/storage'
import { beforeEach, describe, expect, it } from 'vitest'
import { sealClient } from '../sealed.ts'
import { type Rig, signUp, testRig } from '../test-rig.ts'

describe('an account', () => {
  let rig: Rig
  let alice: Awaited<ReturnType<typeof signUp>>
  beforeEach(async () => {
    rig = await testRig()
    alice = await signUp(rig, '+9996610001', 'Alice', '01')
  })

  it('changes of its profile what the call names', async () => {
    await rig.call('account.updateProfile', { lastName: 'Liddell', about: 'down the hole' }, alice)
    const changed = await rig.call('account.updateProfile', { firstName: 'Alicia' }, alice)
    expect(changed).toMatchObject({ firstName: 'Alicia', lastName: 'Liddell', phone: '9996610001' })
    const full = await rig.call('users.getFullUser', { id: { _: 'inputUserSelf' } }, alice)
    expect(full.fullUser.about).toBe('down the hole')
  })

  it('takes, changes and gives up a username', async () => {
    expect(await rig.call('account.checkUsername', { username: 'alice_l' }, alice)).toBe(true)
    expect(await rig.call('account.updateUsername', { username: 'alice_l' }, alice)).toMatchObject({
      username: 'alice_l',
    })
    await expect(rig.call('account.updateUsername', { username: 'alice_l' }, alice)).rejects.toThrow(
      'USERNAME_NOT_MODIFIED',
    )
    await rig.call('account.updateUsername', { username: 'Alice_L' }, alice)
    const bob = await signUp(rig, '+9996610002', 'Bob', '02')
    expect(await rig.call('account.checkUsername', { username: 'ALICE_l' }, bob)).toBe(false)
    await rig.call('account.updateUsername', { username: '' }, alice)
    expect(await rig.call('account.checkUsername', { username: 'alice_l' }, bob)).toBe(true)
    await expect(rig.call('account.updateUsername', { username: 'x' }, bob)).rejects.toThrow(
      'USERNAME_INVALID',
    )
  })

  it('keeps notification settings per peer and per kind', async () => {
    const self = { _: 'inputNotifyPeer', peer: { _: 'inputPeerSelf' } } as const
    const users = { _: 'inputNotifyUsers' } as const
    const defaults = await rig.call('account.getNotifySettings', { peer: users }, alice)
    expect(defaults).toMatchObject({ showPreviews: true, muteUntil: 0 })
    expect(await rig.call('account.getNotifySettings', { peer: self }, alice)).toEqual({
      _: 'peerNotifySettings',
    })
    const sound = { _: 'notificationSoundRingtone', id: 2n ** 60n } as const
    const settings = { _: 'inputPeerNotifySettings', muteUntil: 99, sound } as const
    await rig.call('account.updateNotifySettings', { peer: self, settings }, alice)
    const kept = await rig.call('account.getNotifySettings', { peer: self }, alice)
    expect(kept).toMatchObject({ muteUntil: 99, iosSound: sound, otherSound: sound })
    const exceptions = await rig.call('account.getNotifyExceptions', {}, alice)
    expect(exceptions).toMatchObject({ updates: [{ peer: { peer: { userId: alice.userId } } }] })
    await rig.call('account.resetNotifySettings', {}, alice)
    expect(await rig.call('account.getNotifySettings', { peer: self }, alice)).toEqual({
      _: 'peerNotifySettings',
    })
  })

  it('keeps privacy rules', async () => {
    const key = { _: 'inputPrivacyKeyStatusTimestamp' } as const
    expect(await rig.call('account.getPrivacy', { key }, alice)).toMatchObject({
      rules: [{ _: 'privacyValueAllowAll' }],
    })
    const rules = [
      { _: 'inputPrivacyValueAllowUsers', users: [{ _: 'inputUserSelf' }] },
      { _: 'inputPrivacyValueDisallowAll' },
    ] as const
    await rig.call('account.setPrivacy', { key, rules }, alice)
    expect(await rig.call('account.getPrivacy', { key }, alice)).toMatchObject({
      rules: [{ _: 'privacyValueAllowUsers', users: [alice.userId] }, { _: 'privacyValueDisallowAll' }],
      users: [{ id: alice.userId }],
    })
    await expect(rig.call('account.setPrivacy', { key, rules: [] }, alice)).rejects.toThrow(
      'PRIVACY_VALUE_INVALID',
    )
  })

  it('keeps its small settings', async () => {
    await rig.call('account.setAccountTTL', { ttl: { _: 'accountDaysTTL', days: 365 } }, alice)
    expect(await rig.call('account.getAccountTTL', {}, alice)).toMatchObject({ days: 365 })
    await rig.call('account.setContentSettings', { sensitiveEnabled: true }, alice)
    expect(await rig.call('account.getContentSettings', {}, alice)).toMatchObject({ sensitiveEnabled: true })
    await rig.call(
      'account.setGlobalPrivacySettings',
      { settings: { _: 'globalPrivacySettings', hideReadMarks: true } },
      alice,
    )
    expect(await rig.call('account.getGlobalPrivacySettings', {}, alice)).toMatchObject({
      hideReadMarks: true,
    })
    await rig.call('account.setContactSignUpNotification', { silent: true }, alice)
    expect(await rig.call('account.getContactSignUpNotification', {}, alice)).toBe(true)
  })

  it('lists its sessions and ends others, not its own by hash', async () => {
    const hashes = async () =>
      (await rig.call('account.getAuthorizations', {}, alice)).authorizations.map(({ hash }) => hash)
    const attempt = await rig.call('auth.exportAuthorization', { dcId: 2 }, alice)
    await rig.call(
      'auth.importAuthorization',
      { id: attempt.id, bytes: attempt.bytes },
      rig.caller(undefined, '02'),
    )
    const [own, other] = await hashes()
    expect(own).toBe(0n)
    await expect(rig.call('account.resetAuthorization', { hash: 0n }, alice)).rejects.toThrow('HASH_INVALID')
    await expect(rig.call('account.resetAuthorization', { hash: other! + 1n }, alice)).rejects.toThrow(
      'HASH_INVALID',
    )
    await rig.call('account.resetAuthorization', { hash: other! }, alice)
    expect(await hashes()).toEqual([0n])
  })

  it('shows whence each of its sessions came and when it was last active', async () => {
    const { id, bytes } = await rig.call('auth.exportAuthorization', { dcId: 2 }, alice)
    const phone = rig.caller(undefined, '02')
    await rig.call('auth.importAuthorization', { id, bytes }, phone)
    const said = { apiId: 1, deviceModel: 'd', systemVersion: 's', appVersion: 'a' }
    const client = { ...said, systemLangCode: 'en', langPack: '', langCode: 'en', address: '192.0.2.7' }
    const authKeyId = phone.permanentKeyId
    const row = { userId: alice.userId, authKeyId, layer: 200, createdAt: rig.nowMs / 1000 }
    const sealed = await sealClient(rig.services, authKeyId, client)
    await rig.services.tables.apply(
      [{ kind: 'upsert', table: authorizations, row: { ...row, client: sealed } }],
      1_000,
    )
    const seen = async () => (await rig.call('account.getAuthorizations', {}, alice)).authorizations[1]
    const loggedIn = rig.nowMs / 1000
    expect(await seen()).toMatchObject({ ip: '192.0.2.7', deviceModel: 'd', dateActive: loggedIn })
    rig.nowMs += 100_000
    await rig.call('account.updateStatus', { offline: true }, { ...phone, userId: alice.userId })
    expect(await seen()).toMatchObject({ dateCreated: loggedIn, dateActive: loggedIn + 100 })
  })

  it('is seen online and offline', async () => {
    const seen = async () => (await rig.call('users.getUsers', { id: [{ _: 'inputUserSelf' }] }, alice))[0]
    expect(await seen()).toMatchObject({ status: { _: 'userStatusRecently' } })
    await rig.call('account.updateStatus', { offline: false }, alice)
    const expires = rig.nowMs / 1000 + 300
    expect(await seen()).toMatchObject({ status: { _: 'userStatusOnline', expires } })
    rig.nowMs += 400_000
    expect(await seen()).toMatchObject({ status: { _: 'userStatusOffline', wasOnline: expires } })
    await rig.call('account.updateStatus', { offline: true }, alice)
    expect(await seen()).toMatchObject({ status: { _: 'userStatusOffline', wasOnline: rig.nowMs / 1000 } })
  })
})
