import type { TlType } from '@heliograph/schemas/tl'
import { beforeEach, describe, expect, it } from 'vitest'
import { accessHash } from '../access-hash.ts'
import { idsHash } from '../hash.ts'
import { type Rig, signUp, testRig } from '../test-rig.ts'

describe('contacts', () => {
  let rig: Rig
  let alice: Awaited<ReturnType<typeof signUp>>
  let bob: Awaited<ReturnType<typeof signUp>>
  beforeEach(async () => {
    rig = await testRig()
    alice = await signUp(rig, '+9996610001', 'Alice', '01')
    bob = await signUp(rig, '+9996610002', 'Bob', '02')
  })

  const nameOf = (viewer: typeof alice, of: typeof alice): TlType<'InputUser'> => ({
    _: 'inputUser',
    userId: of.userId,
    accessHash: accessHash(rig.services.keyring, viewer.userId, 'user', of.userId),
  })
  const phoneContact = (clientId: bigint, phone: string, firstName: string) =>
    ({ _: 'inputPhoneContact', clientId, phone, firstName, lastName: '' }) as const
  const see = async (viewer: typeof alice, of: typeof alice) => {
    const [user] = await rig.call('users.getUsers', { id: [nameOf(viewer, of)] }, viewer)
    if (user?._ !== 'user') throw new Error(`unexpected ${user?._}`)
    return user
  }

  it('are imported in the order of the client, as far as they have accounts', async () => {
    const contacts = [
      phoneContact(9n, '+9996610002', 'Bobby'),
      phoneContact(7n, '+9996619999', 'Nobody'),
      phoneContact(8n, 'no number', 'X'),
    ]
    const imported = await rig.call('contacts.importContacts', { contacts }, alice)
    expect(imported.imported).toEqual([{ _: 'importedContact', userId: bob.userId, clientId: 9n }])
    expect(imported.users).toMatchObject([
      { id: bob.userId, firstName: 'Bobby', contact: true, phone: '9996610002' },
    ])
  })

  it('show the number only to those who knew it, and mutuality only where it is', async () => {
    expect((await see(alice, bob)).phone).toBeUndefined()
    const card = { id: nameOf(alice, bob), firstName: 'B', lastName: 'T', phone: '' }
    await rig.call('contacts.addContact', card, alice)
    const unknown = await see(alice, bob)
    expect(unknown).toMatchObject({ firstName: 'B', lastName: 'T', contact: true })
    expect(unknown.phone).toBeUndefined()
    expect(unknown.mutualContact).toBeUndefined()
    await rig.call('contacts.importContacts', { contacts: [phoneContact(1n, '+9996610001', 'A')] }, bob)
    expect((await see(alice, bob)).mutualContact).toBe(true)
    expect(await see(bob, alice)).toMatchObject({ firstName: 'A', phone: '9996610001', mutualContact: true })
    await rig.call('contacts.deleteContacts', { id: [nameOf(alice, bob)] }, alice)
    const stranger = await see(alice, bob)
    expect(stranger).toMatchObject({ firstName: 'Bob' })
    expect(stranger.contact).toBeUndefined()
  })

  it('are listed, and not again to a client that has them', async () => {
    await rig.call('contacts.importContacts', { contacts: [phoneContact(1n, '+9996610002', 'B')] }, alice)
    const list = await rig.call('contacts.getContacts', { hash: 0n }, alice)
    expect(list).toMatchObject({
      contacts: [{ userId: bob.userId, mutual: false }],
      users: [{ id: bob.userId }],
    })
    const hash = idsHash([0, bob.userId])
    expect(await rig.call('contacts.getContacts', { hash }, alice)).toEqual({
      _: 'contacts.contactsNotModified',
    })
  })

  it('are found by the beginnings of their names, others by the beginning of the username', async () => {
    await rig.call('account.updateUsername', { username: 'Bob_The_Builder' }, bob)
    const carol = await signUp(rig, '+9996610003', 'Carol', '03')
    await rig.call('account.updateUsername', { username: 'bobcat' }, carol)
    const found = async (q: string, limit = 10) => {
      const { myResults, results } = await rig.call('contacts.search', { q, limit }, alice)
      const ids = (peers: typeof results) => peers.map((peer) => ('userId' in peer ? peer.userId : 0))
      return { mine: ids(myResults), others: ids(results) }
    }
    expect(await found('@BOB')).toEqual({ mine: [], others: [bob.userId, carol.userId] })
    expect(await found('bob', 1)).toEqual({ mine: [], others: [bob.userId] })
    expect(await found('bob_the_b')).toEqual({ mine: [], others: [bob.userId] })
    for (const q of ['bo', 'bob_x', 'the', 'bob!']) expect(await found(q)).toEqual({ mine: [], others: [] })
    const contacts = [phoneContact(1n, '+9996610002', 'Zoe Q')]
    await rig.call('contacts.importContacts', { contacts }, alice)
    expect(await found('q zo')).toEqual({ mine: [bob.userId], others: [] })
    expect(await found('bob')).toEqual({ mine: [bob.userId], others: [carol.userId] })
    await rig.call('account.updateUsername', { username: '' }, carol)
    expect(await found('bobc')).toEqual({ mine: [], others: [] })
    await expect(found(' @ ')).rejects.toThrow('SEARCH_QUERY_EMPTY')
  })

  it('resolve by name and number', async () => {
    await rig.call('account.updateUsername', { username: 'Bob_The_Builder' }, bob)
    const byName = await rig.call('contacts.resolveUsername', { username: 'bob_the_builder' }, alice)
    const byPhone = await rig.call('contacts.resolvePhone', { phone: '+9996610002' }, alice)
    for (const found of [byName, byPhone]) expect(found).toMatchObject({ peer: { userId: bob.userId } })
    await expect(rig.call('contacts.resolveUsername', { username: 'a b' }, alice)).rejects.toThrow(
      'USERNAME_INVALID',
    )
    await expect(rig.call('contacts.resolveUsername', { username: 'nobody_x' }, alice)).rejects.toThrow(
      'USERNAME_NOT_OCCUPIED',
    )
    await expect(rig.call('contacts.resolvePhone', { phone: '+9996619999' }, alice)).rejects.toThrow(
      'PHONE_NOT_OCCUPIED',
    )
  })

  it("are not reached with another viewer's access hash", async () => {
    const stolen = nameOf(alice, bob)
    const carol = await signUp(rig, '+9996610003', 'Carol', '03')
    const card = { id: stolen, firstName: 'B', lastName: '', phone: '' }
    await expect(rig.call('contacts.addContact', card, carol)).rejects.toThrow('CONTACT_ID_INVALID')
    await expect(rig.call('users.getFullUser', { id: stolen }, carol)).rejects.toThrow('USER_ID_INVALID')
    expect(await rig.call('users.getUsers', { id: [stolen, { _: 'inputUserSelf' }] }, carol)).toMatchObject([
      { _: 'userEmpty', id: bob.userId },
      { _: 'user', self: true },
    ])
  })

  it('may be blocked, the latest first', async () => {
    const carol = await signUp(rig, '+9996610003', 'Carol', '03')
    const peer = (of: typeof alice) => ({ ...nameOf(alice, of), _: 'inputPeerUser' }) as TlType<'InputPeer'>
    await rig.call('contacts.block', { id: peer(bob) }, alice)
    rig.nowMs += 1000
    await rig.call('contacts.block', { id: peer(carol) }, alice)
    const all = await rig.call('contacts.getBlocked', { offset: 0, limit: 100 }, alice)
    expect(all).toMatchObject({
      _: 'contacts.blocked',
      blocked: [{ peerId: { userId: carol.userId } }, { peerId: { userId: bob.userId } }],
    })
    const slice = await rig.call('contacts.getBlocked', { offset: 1, limit: 1 }, alice)
    expect(slice).toMatchObject({ _: 'contacts.blockedSlice', count: 2, users: [{ id: bob.userId }] })
    const full = await rig.call('users.getFullUser', { id: nameOf(alice, bob) }, alice)
    expect(full.fullUser).toMatchObject({ blocked: true, settings: { addContact: true } })
    await rig.call('contacts.setBlocked', { id: [peer(carol)], limit: 100 }, alice)
    await rig.call('contacts.unblock', { id: peer(carol) }, alice)
    expect(await rig.call('contacts.getBlocked', { offset: 0, limit: 100 }, alice)).toMatchObject({
      blocked: [],
    })
    const self = rig.call('contacts.block', { id: { _: 'inputPeerSelf' } }, alice)
    await expect(self).rejects.toThrow('CONTACT_ID_INVALID')
  })
})
